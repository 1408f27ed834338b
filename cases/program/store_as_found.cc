#include "cases/program/store_as_found.h"

#include <utility>

#include "harness/base/error.h"
#include "harness/customer/home/home.h"

namespace startle::program {
namespace {

using State = oracle::KeptStore::State;

// What the table says of a store that Java does not open; the sentence of a diagnosis is longer.
struct Unopened {
  State state = State::absent;
  std::string sentence{};
};
std::optional<Unopened> unopened(customer::StoreProblem problem) {
  switch (problem) {
    case customer::StoreProblem::missing:
      return Unopened{State::absent, "the host has no key store"};
    case customer::StoreProblem::misnamed:
    case customer::StoreProblem::misplaced:
    case customer::StoreProblem::wrong_extension:
      return Unopened{State::absent, "the key store's file has not the host's name"};
    case customer::StoreProblem::unreadable:
      return Unopened{State::absent,
                      "the host's key store cannot be read here, and counts as missing"};
    case customer::StoreProblem::unread:
      return Unopened{State::absent, "with STARTTLS no key store of the host is read"};
    case customer::StoreProblem::empty:
      return Unopened{State::unusable, "the host's key store is an empty file"};
    case customer::StoreProblem::not_a_store:
      return Unopened{State::unusable, "the host's key store is a file of another kind"};
    case customer::StoreProblem::encoded:
      return Unopened{State::unusable, "the host's key store was not decoded"};
    case customer::StoreProblem::garbled:
      return Unopened{State::unusable, "a text filter has destroyed the host's key store"};
    case customer::StoreProblem::wrong_format:
      return Unopened{State::unusable,
                      "the host's key store is in JCEKS, which Java does not open unless told"};
    case customer::StoreProblem::damaged:
      return Unopened{State::unusable, "the host's key store is damaged"};
    case customer::StoreProblem::wrong_password:
      return Unopened{State::unusable,
                      "the host's key store is not opened by the password that is tried"};
    case customer::StoreProblem::world_writable:
    case customer::StoreProblem::locked:
    case customer::StoreProblem::no_certificate:
    case customer::StoreProblem::not_trusted:
    case customer::StoreProblem::expired:
    case customer::StoreProblem::renewed:
    case customer::StoreProblem::other_certificate:
    case customer::StoreProblem::expired_path:
    case customer::StoreProblem::octets_behind:
    case customer::StoreProblem::padded_password:
      break;
  }
  return std::nullopt;
}

}  // namespace

cases::CustomerStore as_found(const customer::FoundStore& found) {
  cases::CustomerStore store{.kind = *from_word<words::HostStore>(customer::axis_value(found)),
                             .state = State::opened};
  if (found.store) {
    for (const customer::StoreEntry& entry : found.store->entries) {
      if (is_anchor(entry)) store.trusted_der.push_back(entry.der);
    }
    return store;
  }
  for (const customer::StoreDiagnosis& diagnosis : found.diagnoses) {
    if (auto why = unopened(diagnosis.problem)) {
      store.state = why->state;
      store.sentence = std::move(why->sentence);
      return store;
    }
  }
  throw Error(Fault::internal, "a key store that is not opened, and no diagnosis says why");
}

cases::CustomerStore javas_as_found(const customer::FoundStore& found,
                                    const std::vector<std::string>& trusted_der) {
  cases::CustomerStore store{.kind = words::HostStore::cacerts,
                             .state = State::opened,
                             .trusted_der = trusted_der,
                             .is_system = true};
  if (found.store) return store;
  store.state = State::unusable;
  store.sentence = "the Java runtime's own store cannot be opened";
  return store;
}

}  // namespace startle::program
