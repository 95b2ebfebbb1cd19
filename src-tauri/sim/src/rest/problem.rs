//! The bodies of refusals.

use crate::shared::Call;
use crate::wire::Reply;
use serde_json::json;

/// 400 with Panopto's own error body.
pub(crate) fn bad_request(message: &str) -> Box<Reply> {
    api_error(400, "InvalidRequest", message)
}

/// 404 from a route that exists.
pub(crate) fn not_found(what: &str) -> Box<Reply> {
    api_error(404, "NotFound", &format!("No {what} was found for this Id"))
}

fn api_error(status: u16, code: &str, message: &str) -> Box<Reply> {
    let error = json!({ "ErrorCode": code, "Message": message, "Success": false, "ErrorSource": "PublicAPI" });
    Box::new(Reply::json(status, &json!({ "Error": error })))
}

/// 404 from ASP.NET itself.
pub(crate) fn no_such_route(call: &Call<'_>) -> Reply {
    let uri = format!("{}{}", call.request.origin, call.request.path);
    let message = format!("No HTTP resource was found that matches the request URI '{uri}'.");
    Reply::json(404, &json!({ "Message": message }))
}

/// 405 from ASP.NET itself.
pub(crate) fn no_such_method(call: &Call<'_>) -> Reply {
    let message = format!("The requested resource does not support http method '{}'.", call.request.method);
    Reply::json(405, &json!({ "Message": message }))
}
