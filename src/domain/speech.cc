#include "domain/speech.h"

#include "store/organizations.h"
#include "store/users.h"

namespace gatehouse::domain {

Speech speech_of(const Services& services, const SignedIn& person) {
  return services.database.read([&](db::Transaction& tx) {
    Speech speech;
    if (const auto reading = store::find_reading(tx, person.account())) {
      speech.language = reading->language;
      speech.zoneinfo = reading->zoneinfo;
    }
    if (const auto organization = person.active_organization()) {
      speech.organization_language = store::find_organization_language(tx, *organization);
    }
    return speech;
  });
}

}  // namespace gatehouse::domain
