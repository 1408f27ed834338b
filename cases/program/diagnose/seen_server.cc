#include "cases/program/diagnose/seen_server.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "harness/base/printable.h"
#include "harness/client/decisions.h"
#include "harness/subject/subject.h"

namespace startle::program {
namespace {

using net::IoResult;
using net::IoStatus;

// Before anybody is named a server has little to say; a search may bring a thousand entries.
constexpr std::size_t kMostToLook = std::size_t{4} << 20;
constexpr std::size_t kMostToSearch = std::size_t{64} << 20;
// Of what is shown of one offer.
constexpr std::size_t kLongestOffer = 512;
constexpr std::size_t kMostOffers = 200;

// Keeps the first octets that come, and breaks off when there is no end to them.
class NotingStream final : public net::Stream {
 public:
  NotingStream(std::unique_ptr<net::Stream> inner, SeenServer& seen, std::size_t most)
      : inner_(std::move(inner)), seen_(seen), left_(most) {}

  std::optional<IoResult> read_now(std::span<char> into) override {
    const std::optional<IoResult> read = inner_->read_now(into);
    if (!read || read->status != IoStatus::ok) return read;
    std::string& first = seen_.first_octets;
    first.append(into.data(), std::min(read->count, kMostFirstOctets - first.size()));
    if (read->count <= left_) {
      left_ -= read->count;
      return read;
    }
    seen_.flooded = true;
    return IoResult{.status = IoStatus::broken};
  }
  net::Task<bool> readable() override { return inner_->readable(); }
  std::optional<IoResult> write_now(std::string_view bytes) override {
    return inner_->write_now(bytes);
  }
  net::Task<IoResult> written() override { return inner_->written(); }
  void set_deadline(net::Instant deadline) override { inner_->set_deadline(deadline); }
  void close() override { inner_->close(); }
  void reset() override { inner_->reset(); }

 private:
  std::unique_ptr<net::Stream> inner_;
  SeenServer& seen_;
  std::size_t left_;
};

class NotingConnector final : public net::Connector {
 public:
  NotingConnector(net::Connector& inner, SeenServer& seen, std::size_t most)
      : inner_(inner), seen_(seen), most_(most) {}

  net::Task<net::ConnectResult> connect(std::string host, std::uint16_t port,
                                        net::Instant deadline) override {
    net::ConnectResult result = co_await inner_.connect(std::move(host), port, deadline);
    seen_.not_connected = result.failed;
    seen_.attempts = result.attempts;
    if (result.stream) {
      result.stream = std::make_unique<NotingStream>(std::move(result.stream), seen_, most_);
    }
    co_return result;
  }

 private:
  net::Connector& inner_;
  SeenServer& seen_;
  std::size_t most_;
};

std::vector<std::string> shown(const std::vector<std::string>& offers) {
  std::vector<std::string> made;
  for (const std::string& one : offers) {
    if (made.size() == kMostOffers) break;
    made.push_back(printable(one.substr(0, kLongestOffer)));
  }
  return made;
}

// Decides as the client does, and takes note of what it decides about.
class NotingDecisions final : public client::Decisions {
 public:
  NotingDecisions(SeenServer& seen, const HowToLook& how) : seen_(seen), how_(how) {}

  bool reads_offers_before_stopping() const override { return true; }
  bool asks_for_every_staple() const override { return true; }
  tls::Offer also_offered() const override { return how_.also_offered; }

  std::optional<client::Trust> trust(const client::Settings& settings,
                                     std::string& why) const override {
    auto read = client::read_trust(settings, why);
    if (read || how_.strictly) return read;
    seen_.no_trust = why;
    return client::Trust{.check_nothing = true};
  }
  std::optional<client::Refusal> certificate(std::optional<client::Refusal> correct,
                                             const tls::PeerChain& chain,
                                             const client::Settings&) const override {
    seen_.met_certificate = true;
    seen_.refusal = correct;
    seen_.staple = chain.staple_der();
    return how_.strictly ? correct : std::nullopt;
  }
  client::LeftBehind left_behind(std::string_view bytes) const override {
    seen_.behind_go_ahead = bytes;
    return how_.strictly ? client::LeftBehind::abort : client::LeftBehind::discard;
  }

  wire::Capabilities offered(const wire::SmtpReply& reply) const override {
    wire::Capabilities read = wire::parse_capabilities(reply);
    note(reply.lines, read.auth);
    if (!seen_.met_certificate) seen_.offers_starttls = read.starttls;
    return read;
  }
  client::RootDse root_dse_in_clear(const std::optional<client::RootDse>& read) const override {
    client::RootDse made = Decisions::root_dse_in_clear(read);
    if (read) note(read->extensions, read->mechanisms);
    seen_.offers_starttls = made.offers_starttls();
    return made;
  }
  client::RootDse root_dse_in_effect(const client::RootDse& before,
                                     const std::optional<client::RootDse>& after) const override {
    if (after) note(after->extensions, after->mechanisms);
    return Decisions::root_dse_in_effect(before, after);
  }

 private:
  void note(const std::vector<std::string>& offers,
            const std::vector<std::string>& mechanisms) const {
    (seen_.met_certificate ? seen_.offers_in_tls : seen_.offers) = shown(offers);
    seen_.mechanisms = shown(mechanisms);
  }

  SeenServer& seen_;
  HowToLook how_;
};

}  // namespace

net::Task<SeenServer> see_server(net::World& world, net::Connector& connector,
                                 const client::Settings& settings, const HowToLook& how) {
  SeenServer seen;
  const bool searches = settings.stop_after == client::StopAfter::message;
  const std::size_t most = searches ? kMostToSearch : kMostToLook;
  NotingConnector noting(connector, seen, most);
  const auto client =
      subject::make_built_in("diagnose", std::make_unique<NotingDecisions>(seen, how));
  const subject::ExchangeRequest asked{.connector = noting, .settings = settings};
  subject::ExchangeResult result = co_await client->exchange(world, asked);
  seen.outcome = std::move(result.outcome);
  if (seen.flooded) {
    seen.outcome.ending = words::Ending::protocol_error;
    seen.outcome.sentence = "the server sends without end: more than " +
                            std::to_string(most >> 20) + " MiB came, and the connection was closed";
  }
  co_return seen;
}

}  // namespace startle::program
