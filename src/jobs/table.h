#pragma once

#include "jobs/jobs.h"
#include "jobs/mail_sender.h"

namespace gatehouse::jobs {

/// All jobs of a node. `services` must outlive them.
std::vector<Job> job_table(const domain::Services& services, MailSettings settings, Transport transport);

}  // namespace gatehouse::jobs
