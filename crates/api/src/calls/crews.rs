//! A crew calls the exchange and presses the code of its order; the exchange asks here whom to connect it with.

use axum::extract::{RawQuery, Request, State};
use axum::response::Response;
use dispatch::DispatchError;
use door::Form;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::exchange;
use crate::native::{Call, answered, given, json};
use crate::problem::No;
use crate::state::Api;

#[derive(Deserialize)]
struct Pressed {
    /// The digits, as they were pressed.
    code: String,
}

#[derive(Serialize)]
struct Whom {
    /// None when nobody is to be called: no such order, no crew has it, nobody reported it.
    number: Option<String>,
}

/// `POST /api/v1/calls/crew`.
pub(super) async fn whom(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
    mut request: Request,
) -> Response {
    let headers = std::mem::take(request.headers_mut());
    let answer = async {
        let query = Form::from_query(query.as_deref())?;
        let Call { city, .. } = Call::of(&api, &query, &headers).await?;
        let body = given::bytes(&headers, request).await?;
        let act = api.door.act(exchange(&api, city.id, &headers, &body).await?);
        let pressed: Pressed = given::object(&body)?;
        let write =
            move |tx: &mut storage::Tx<'_>| dispatch::field::citizen_of(tx, &act, city.id, &pressed.code);
        let number = match api.door.db.write(write).await {
            Ok(number) => number,
            Err(DispatchError::Denied(denied)) => return Err(denied.into()),
            Err(DispatchError::Storage(failure)) => return Err(failure.into()),
            Err(_) => None,
        };
        Ok::<_, No>(json(StatusCode::OK, &Whom { number }))
    };
    answered(answer.await, &headers)
}
