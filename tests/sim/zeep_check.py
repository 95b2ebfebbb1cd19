"""Reads a running simulator with a standard SOAP client, zeep, built from the server's own WSDL.

    panopto-simulator --world demo &
    python3 tests/sim/zeep_check.py http://127.0.0.1:8910

Needs zeep (pip install zeep). For https, give the certificate: REQUESTS_CA_BUNDLE=cert.pem python3 ... https://localhost:8443
"""

import datetime
import sys

import requests
import zeep
import zeep.exceptions
import zeep.transports

CLIENT_ID = "5eb1ee0b-a28e-4bb0-8f55-b2f0010b4f64"
CLIENT_SECRET = "sim+Secret/with=odd&chars<here>%2B=="
USER = "demo.teacher"
PASSWORD = "p&ss <word>+/=é"
BEGIN = datetime.datetime(2010, 1, 1)
END = datetime.datetime(2100, 1, 1)


def main(base):
    http = requests.Session()
    token = http.post(
        f"{base}/Panopto/oauth2/connect/token",
        data={"grant_type": "password", "username": USER, "password": PASSWORD, "scope": "api"},
        auth=(CLIENT_ID, CLIENT_SECRET.encode()),
    ).json()["access_token"]

    def rest(path):
        page, seen = 0, set()
        while True:
            answer = http.get(
                f"{base}/Panopto/api/v1/{path}",
                params={"pageNumber": page},
                headers={"Authorization": f"Bearer {token}"},
            )
            answer.raise_for_status()
            results = answer.json()["Results"]
            # Some servers repeat pages for ever, so this stops when nothing is new.
            new = [one for one in results if one["Id"] not in seen]
            if not new:
                return
            seen.update(one["Id"] for one in new)
            yield from new
            page += 1

    def sessions(folder):
        yield from rest(f"folders/{folder}/sessions")
        for child in rest(f"folders/{folder}/children"):
            yield from sessions(child["Id"])

    for description in ("?singleWsdl", "?wsdl"):
        transport = zeep.transports.Transport()
        auth = zeep.Client(f"{base}/Panopto/PublicAPI/4.2/Auth.svc{description}", transport=transport)
        print(description, "version", auth.service.GetServerVersion())
        assert auth.service.LogOnWithPassword(USER, "wrong") is False
        assert auth.service.LogOnWithPassword(USER, PASSWORD) is True
        assert ".ASPXAUTH" in transport.session.cookies

        usage = zeep.Client(f"{base}/Panopto/PublicAPI/4.0/UsageReporting.svc{description}", transport=transport)
        rows, calls, videos = 0, 0, 0
        for top in rest("folders/00000000-0000-0000-0000-000000000000/children"):
            for session in sessions(top["Id"]):
                videos += 1
                got, page = 0, 0
                while True:
                    answer = usage.service.GetSessionExtendedDetailedUsage(
                        sessionId=session["Id"],
                        pagination={"MaxNumberResults": 500, "PageNumber": page},
                        beginRange=BEGIN,
                        endRange=END,
                    )
                    calls += 1
                    items = (answer.PagedResponses or {}) and (
                        answer.PagedResponses.ExtendedDetailedUsageResponseItem or []
                    )
                    for item in items:
                        assert item.SessionId == session["Id"]
                        assert item.Time.tzinfo is not None
                        assert item.StartReason and item.StopReason
                    got += len(items)
                    page += 1
                    if got >= answer.TotalNumberResponses or not items:
                        break
                assert got == answer.TotalNumberResponses, (session["Name"], got, answer.TotalNumberResponses)
                rows += got
        print(description, videos, "videos", rows, "rows", calls, "calls")

        # Without a cookie, with name and password in the call instead.
        plain = zeep.Client(f"{base}/Panopto/PublicAPI/4.6/UsageReporting.svc{description}")
        answer = plain.service.GetSessionDetailedUsage(
            auth={"UserKey": USER, "Password": PASSWORD},
            sessionId=session["Id"],
            pagination={"MaxNumberResults": 5},
            beginRange=BEGIN,
            endRange=END,
        )
        print(description, "by auth in the call:", answer.TotalNumberResponses, "rows")
        try:
            plain.service.GetSessionDetailedUsage(sessionId=session["Id"], pagination={"MaxNumberResults": 5})
            raise SystemExit("an anonymous call was answered")
        except zeep.exceptions.Fault as fault:
            print(description, "anonymous:", fault.message)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
