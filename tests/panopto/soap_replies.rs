//! SOAP in both directions: the requests character by character, and every form of reply in `docs/panopto-protocol.md`.

use model::{SessionId, UserId};
use panopto::wire::{
    FaultMeaning, Reply, Unreadable, UsagePage, UsageQuestion, fault, log_on_request, log_on_result, usage_page,
    usage_request,
};
use panopto::{PasswordSignIn, UsageRange};

use crate::script::{fault_body, usage_body};

const SESSION: &str = "84cef7f7-f168-4a80-9a5a-ac100144db29";
const USER: &str = "c1a2b3c4-d5e6-4f70-8a9b-0c1d2e3f4a5b";

fn session() -> SessionId {
    SessionId::parse(SESSION).unwrap()
}

fn read(body: &str) -> Result<Reply<UsagePage>, Unreadable> {
    usage_page(body.as_bytes(), session())
}

fn page(body: &str) -> UsagePage {
    match read(body).unwrap() {
        Reply::Answer(page) => page,
        Reply::Fault(fault) => panic!("{fault:?}"),
    }
}

fn row(fields: &str) -> String {
    format!("<a:ExtendedDetailedUsageResponseItem>{fields}</a:ExtendedDetailedUsageResponseItem>")
}

/// A row whose element `name` is `replacement`.
fn row_with(name: &str, replacement: &str) -> String {
    let fields = [
        ("SecondsViewed", "4.232846"),
        ("SessionId", SESSION),
        ("StartPosition", "0"),
        ("Time", "2020-10-16T21:44:33.973Z"),
        ("UserId", USER),
        ("PlaybackSpeed", "1"),
        ("StartReason", "Start"),
        ("StopReason", "Seek"),
    ];
    let fields =
        fields.map(
            |(field, value)| {
                if field == name { replacement.to_owned() } else { format!("<a:{field}>{value}</a:{field}>") }
            },
        );
    row(&fields.concat())
}

fn record_with(name: &str, replacement: &str) -> model::ViewingRecord {
    let page = page(&usage_body(&row_with(name, replacement), Some(1)));
    assert_eq!((page.records.len(), page.places, page.total), (1, 1, Some(1)));
    page.records.into_iter().next().unwrap()
}

#[test]
fn the_usage_request_has_the_order_and_namespaces_wcf_wants() {
    let range =
        UsageRange { begin: "2020-09-01T00:00:00Z".parse().unwrap(), end: "2020-10-20T00:00:00.5Z".parse().unwrap() };
    let question = UsageQuestion { session_id: session(), range, page_size: 150, page: 3 };
    let head = "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>\
        <t:GetSessionExtendedDetailedUsage xmlns:t=\"http://tempuri.org/\" \
        xmlns:p=\"http://schemas.datacontract.org/2004/07/Panopto.Server.Services.PublicAPI.V40\">";
    let tail = "<t:sessionId>84cef7f7-f168-4a80-9a5a-ac100144db29</t:sessionId>\
        <t:pagination><p:MaxNumberResults>150</p:MaxNumberResults><p:PageNumber>3</p:PageNumber></t:pagination>\
        <t:beginRange>2020-09-01T00:00:00Z</t:beginRange><t:endRange>2020-10-20T00:00:01Z</t:endRange>\
        </t:GetSessionExtendedDetailedUsage></s:Body></s:Envelope>";
    assert_eq!(usage_request(&question, None), format!("{head}{tail}"));
    let who = PasswordSignIn { user_name: "a&b".to_owned(), password: "p<>\"'&w\u{1}\r\n]]>é".into() };
    let auth = "<t:auth><p:Password>p&lt;&gt;&quot;&apos;&amp;w&#13;\n]]&gt;é</p:Password><p:UserKey>a&amp;b</p:UserKey></t:auth>";
    assert_eq!(usage_request(&question, Some(&who)), format!("{head}{auth}{tail}"));
    assert!(log_on_request(&who).contains("<t:userKey>a&amp;b</t:userKey><t:password>p&lt;&gt;"));
}

#[test]
fn a_recorded_reply_is_read() {
    let rows = row_with("", "") + &row_with("SecondsViewed", "<a:SecondsViewed>3.5</a:SecondsViewed>");
    let page = page(&usage_body(&rows, Some(9)));
    assert_eq!((page.places, page.total), (2, Some(9)));
    let record = &page.records[0];
    assert_eq!(record.session_id, session());
    assert_eq!(record.user_id, UserId::parse(USER).unwrap());
    assert_eq!(record.recorded_at, "2020-10-16T21:44:33.973Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    assert_eq!((record.start_secs, record.seconds_viewed, record.playback_speed), (0.0, 4.232_846, Some(1.0)));
    assert_eq!((record.start_reason.as_str(), record.stop_reason.as_str()), ("Start", "Seek"));
    assert_eq!(page.records[1].seconds_viewed, 3.5);
}

#[test]
fn an_empty_list_has_four_spellings() {
    let body = usage_body("", Some(0));
    for (with, total) in [
        ("<a:PagedResponses></a:PagedResponses>", Some(0)),
        ("<a:PagedResponses/>", Some(0)),
        (r#"<a:PagedResponses i:nil="true"/>"#, Some(0)),
        (r#"<a:PagedResponses i:nil="true"></a:PagedResponses>"#, Some(0)),
        ("", Some(0)),
    ] {
        let page = page(&body.replace("<a:PagedResponses></a:PagedResponses>", with));
        assert_eq!((page.records.len(), page.places, page.total), (0, 0, total), "{with}");
    }
    for result in ["", r#"<GetSessionExtendedDetailedUsageResult i:nil="true" xmlns:i="x"/>"#] {
        let start = body.find("<GetSessionExtendedDetailedUsageResult").unwrap();
        let end_tag = "</GetSessionExtendedDetailedUsageResult>";
        let end = body.find(end_tag).unwrap() + end_tag.len();
        let page = page(&format!("{}{result}{}", &body[..start], &body[end..]));
        assert_eq!((page.places, page.total), (0, None), "{result}");
    }
}

#[test]
fn nil_empty_and_missing_values_are_the_same() {
    for name in ["PlaybackSpeed", "UserId", "StartReason", "StopReason", "SecondsViewed", "StartPosition", "SessionId"]
    {
        let spellings = [
            String::new(),
            format!("<a:{name}/>"),
            format!("<a:{name}></a:{name}>"),
            format!("<a:{name}>\n </a:{name}>"),
            format!(r#"<a:{name} i:nil="true"/>"#),
            format!(r#"<a:{name} xsi:nil="1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"></a:{name}>"#),
        ];
        let records = spellings.map(|spelling| record_with(name, &spelling));
        assert!(records.iter().all(|record| *record == records[0]), "{name}: {records:?}");
    }
    assert_eq!(record_with("PlaybackSpeed", "").playback_speed, None);
    assert_eq!(record_with("UserId", "").user_id, UserId::NIL);
    assert_eq!(record_with("SessionId", "").session_id, session(), "the video that was asked about");
    assert_eq!(record_with("StartReason", "").start_reason.as_str(), "Unknown");
    assert_eq!(record_with("SecondsViewed", "").seconds_viewed, 0.0);
    let nil_row = r#"<a:ExtendedDetailedUsageResponseItem i:nil="true"/>"#;
    let page = page(&usage_body(&(nil_row.to_owned() + &row_with("", "")), Some(2)));
    assert_eq!((page.records.len(), page.places), (1, 2), "a nil entry takes a place but is no record");
}

#[test]
fn moments_have_any_fraction_and_zone() {
    for (text, micros) in [
        ("2020-10-16T21:44:33Z", "2020-10-16T21:44:33Z"),
        ("2020-10-16T21:44:33.9Z", "2020-10-16T21:44:33.9Z"),
        ("2020-10-16T21:44:33.973Z", "2020-10-16T21:44:33.973Z"),
        ("2020-10-16T21:44:33.9733333Z", "2020-10-16T21:44:33.973333Z"),
        ("2020-10-16T21:44:33.9999999999Z", "2020-10-16T21:44:33.999999Z"),
        ("2020-10-16T21:44:33.973", "2020-10-16T21:44:33.973Z"),
        ("2020-10-16T21:44:33", "2020-10-16T21:44:33Z"),
        ("2020-10-16T14:44:33.973-07:00", "2020-10-16T21:44:33.973Z"),
        (" 2020-10-17T00:44:33+03:00 ", "2020-10-16T21:44:33Z"),
        ("0001-01-01T00:00:00", "0001-01-01T00:00:00Z"),
    ] {
        let record = record_with("Time", &format!("<a:Time>{text}</a:Time>"));
        assert_eq!(record.recorded_at, micros.parse::<chrono::DateTime<chrono::Utc>>().unwrap(), "{text}");
    }
}

#[test]
fn numbers_are_those_of_dot_net() {
    for (text, value) in [
        ("0", 0.0),
        ("30.44654", 30.44654),
        ("1E-05", 1e-5),
        ("1.5E+02", 150.0),
        ("-3.25", -3.25),
        (" 7 ", 7.0),
        ("<![CDATA[7.5]]>", 7.5),
        ("1<!-- -->2", 12.0),
        ("&#49;3", 13.0),
        ("1E+300", 1e300),
    ] {
        let record = record_with("SecondsViewed", &format!("<a:SecondsViewed>{text}</a:SecondsViewed>"));
        assert_eq!(record.seconds_viewed, value, "{text}");
    }
}

#[test]
fn a_number_that_is_none_covers_nothing() {
    for text in ["NaN", "INF", "-INF"] {
        let record = record_with("SecondsViewed", &format!("<a:SecondsViewed>{text}</a:SecondsViewed>"));
        assert_eq!((record.start_secs, record.seconds_viewed), (0.0, 0.0), "{text}");
        let record = record_with("StartPosition", &format!("<a:StartPosition>{text}</a:StartPosition>"));
        assert_eq!((record.start_secs, record.seconds_viewed), (0.0, 0.0), "{text}");
        let record = record_with("PlaybackSpeed", &format!("<a:PlaybackSpeed>{text}</a:PlaybackSpeed>"));
        assert_eq!(record.playback_speed, None, "{text}");
    }
}

#[test]
fn unknown_words_and_elements_are_no_trouble() {
    let record =
        record_with("StartReason", "<a:StartReason>Teleport &amp; co</a:StartReason><a:New><b><c/></b></a:New>");
    assert_eq!(record.start_reason.as_str(), "Teleport & co");
    let plain = row_with("", "").replace("a:ExtendedDetailedUsageResponseItem", "q:DetailedUsageResponseItem");
    assert_eq!(page(&usage_body(&plain, Some(1))).records.len(), 1, "any prefix, the plain item as well");
    let typed = row_with("", "").replacen("Item>", "Item i:type=\"a:ExtendedDetailedUsageResponseItem\">", 1);
    assert_eq!(page(&usage_body(&typed, Some(1))).records.len(), 1);
    let with_header = usage_body(&row_with("", ""), Some(1))
        .replace("<s:Body>", "<s:Header><x:Activity xmlns:x=\"y\"><z/></x:Activity></s:Header><s:Body>");
    assert_eq!(page(&format!("\u{feff}<?xml version=\"1.0\"?>\n<!-- hello -->\n{with_header}\n")).records.len(), 1);
    let unprefixed = usage_body(&row_with("", ""), Some(1)).replace("a:", "").replace("s:", "");
    assert_eq!(page(&unprefixed).records.len(), 1);
}

#[test]
fn surprises_name_the_element() {
    for (name, value) in [
        ("UserId", "not-a-guid"),
        ("SessionId", "84cef7f7"),
        ("Time", "yesterday"),
        ("Time", "2020-13-45T99:99:99Z"),
        ("SecondsViewed", "4,2"),
        ("StartPosition", "four"),
        ("PlaybackSpeed", "fast"),
    ] {
        let error = read(&usage_body(&row_with(name, &format!("<a:{name}>{value}</a:{name}>")), Some(1))).unwrap_err();
        assert_eq!(error.to_string(), format!("`{name}` is `{value}`"));
        assert!(!error.is_cut_off() && !error.is_html());
    }
    let no_time = read(&usage_body(&row_with("Time", ""), Some(1))).unwrap_err().to_string();
    assert_eq!(no_time, "a viewing record has no `Time`");
    let other = read(&usage_body(&row_with("SessionId", &format!("<a:SessionId>{USER}</a:SessionId>")), Some(1)));
    assert!(other.unwrap_err().to_string().contains("of another video"));
    let total = usage_body("", Some(0)).replace(">0<", ">many<");
    assert_eq!(read(&total).unwrap_err().to_string(), "`TotalNumberResponses` is `many`");
}

#[test]
fn what_is_not_the_answer_is_said_plainly() {
    for (body, sentence) in [
        ("<!DOCTYPE html><html><body>Sign in</body></html>", "it is a web page"),
        ("  <html lang=en>", "it is a web page"),
        ("<!-- x --><HTML>", "it is a web page"),
        ("{\"json\":true}", "it is not XML"),
        ("", "it is empty"),
        ("   \n", "it is empty"),
        ("<a/>", "it begins with `a` where a SOAP envelope is expected"),
        ("<Envelope/>", "its SOAP body is empty"),
        ("<Envelope><Body/></Envelope>", "its SOAP body is empty"),
        (
            "<Envelope><Body><OtherResponse/></Body></Envelope>",
            "it holds `OtherResponse` where `GetSessionExtendedDetailedUsageResponse` is expected",
        ),
        ("<!DOCTYPE a [<!ENTITY b \"c\">]><Envelope/>", "it holds a document type definition, which is refused"),
    ] {
        assert_eq!(read(body).unwrap_err().to_string(), sentence, "{body}");
    }
    assert_eq!(usage_page(b"\xff\xfe<\0", session()).unwrap_err().to_string(), "it is not UTF-8 text");
    let entity = usage_body(&row_with("StartReason", "<a:StartReason>&evil;</a:StartReason>"), Some(1));
    assert_eq!(read(&entity).unwrap_err().to_string(), "it holds an entity that XML does not define");
    let deep = format!("<Envelope>{}", "<x>".repeat(100_000));
    assert_eq!(read(&deep).unwrap_err().to_string(), "its XML is nested too deeply");
}

#[test]
fn a_reply_without_its_end_is_recognised_wherever_it_breaks() {
    let rows = row_with("StartReason", "<a:StartReason>a&amp;b<![CDATA[c]]><!-- d -->&#65;</a:StartReason>");
    let body = usage_body(&rows, Some(1));
    for end in 1..body.len() {
        let error = read(&body[..end]).expect_err(&body[..end]);
        assert!(error.is_cut_off(), "cut after {end}: {error}");
    }
}

#[test]
fn faults_are_told_apart_by_their_text() {
    let large = "Pagination.MaxNumberResults must be equal or less than 1000";
    for (text, meaning) in [
        ("Unable to authenticate the user.", FaultMeaning::SignedOut),
        ("Session 84cef7f7 was not found.", FaultMeaning::NotFound),
        ("User does not have access to the session", FaultMeaning::NoRights),
        ("Access is denied.", FaultMeaning::NoRights),
        ("System error", FaultMeaning::System),
        ("System error.", FaultMeaning::System),
        ("Value cannot be null. Parameter name: recorderSettings", FaultMeaning::Other),
        (large, FaultMeaning::PageTooLarge { at_most: Some(1000) }),
        ("MaxNumberResults is too large", FaultMeaning::PageTooLarge { at_most: None }),
        ("", FaultMeaning::Other),
    ] {
        let Ok(Reply::Fault(fault)) = read(&fault_body(text)) else { panic!("{text}") };
        assert_eq!(fault.meaning(), meaning, "{text}");
        assert_eq!(fault.code, "Client");
    }
    let twelve = "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body><e:Fault><e:Code><e:Value>e:Sender\
        </e:Value></e:Code><e:Reason><e:Text xml:lang='en'>Session was\n\tnot found</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>";
    let found = fault(twelve.as_bytes()).unwrap();
    assert_eq!((found.code.as_str(), found.text.as_str()), ("Sender", "Session was not found"));
    assert_eq!(fault(usage_body("", Some(0)).as_bytes()), None);
    let long = fault(fault_body(&"x".repeat(100_000)).as_bytes()).unwrap();
    assert_eq!(long.text.chars().count(), 200, "a fault's text stays readable");
}

#[test]
fn the_answer_to_a_password_is_a_boolean() {
    let body = |value: &str| {
        format!(
            "<s:Envelope xmlns:s='x'><s:Body><LogOnWithPasswordResponse xmlns='http://tempuri.org/'>{value}</LogOnWithPasswordResponse></s:Body></s:Envelope>"
        )
    };
    let read = |value: &str| log_on_result(body(value).as_bytes());
    let result = |value: &str| read(&format!("<LogOnWithPasswordResult>{value}</LogOnWithPasswordResult>"));
    assert_eq!(result("true"), Ok(Reply::Answer(true)));
    assert_eq!(result(" 1 "), Ok(Reply::Answer(true)));
    assert_eq!(result("false"), Ok(Reply::Answer(false)));
    assert_eq!(result("yes").unwrap_err().to_string(), "`LogOnWithPasswordResult` is neither true nor false");
    assert!(result("").is_err() && read("").is_err());
    assert!(matches!(log_on_result(fault_body("Unable to authenticate the user.").as_bytes()), Ok(Reply::Fault(_))));
}
