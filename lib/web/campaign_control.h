#pragma once
// The owner's word on a campaign that is there: send, pause, resume, cancel, try again. Each may be
// said again: in the state that it asks for it changes nothing and answers the same.

#include "lib/web/api.h"

namespace lamppost::web {

/// POST /api/admin/campaigns/{id}/...: 404, or 409 `bad_state` where it does not fit the state.
/// What is sent is sent within the request (see sending.h).

/// send: a draft; or joins in a sending that is under way, and tells the end of a finished one.
Response start_campaign(const Request&, const Parts&, const AdminPorts&);
/// pause: what is on the wire comes to its end, nothing more goes out.
Response pause_campaign(const Request&, const Parts&, const AdminPorts&);
/// resume: and works on it.
Response resume_campaign(const Request&, const Parts&, const AdminPorts&);
/// cancel: for good; whom it was not sent to is skipped.
Response cancel_campaign(const Request&, const Parts&, const AdminPorts&);
/// retry: what has failed in a finished one is tried again, as long as its time is not over; with
/// {"unsure": true} what is unsure too, at the risk that a browser shows it twice.
Response retry_campaign(const Request&, const Parts&, const AdminPorts&);

}  // namespace lamppost::web
