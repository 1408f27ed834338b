// What it costs to read what a server or a client says, a byte: a stream of one reply or message
// over and over, read as the client and the fake servers do. Counters of bench/beside.h; the
// yardstick goes over the same bytes:
//   SmtpReply   memchr() to the end of each line, which any reader of lines has to find
//   LdapMessage a copy of each message on the heap: whoever hands one out keeps its bytes
// bytes_per_second is the reader's.

#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bench/beside.h"
#include "harness/wire/ldap_message.h"
#include "harness/wire/smtp_reply.h"

namespace startle::bench {
namespace {

using namespace wire;

constexpr std::size_t kLeastBytes = 1 << 16;

struct Spoken {
  explicit Spoken(const std::string& one) : one_size(one.size()) {
    while (bytes.size() < kLeastBytes) bytes += one;
  }
  std::size_t one_size;
  std::string bytes{};
};

// Calls read(rest) on what is left until nothing is; it returns how much it has taken, or 0.
template <class Read>
bool read_all(std::string_view rest, Read read) {
  while (!rest.empty()) {
    const std::size_t taken = read(rest);
    if (taken == 0) return false;
    rest.remove_prefix(taken);
  }
  return true;
}

template <class Parsed, class Result>
std::size_t taken_of(const Result& result) {
  const auto* parsed = std::get_if<Parsed>(&result);
  benchmark::DoNotOptimize(parsed);
  return parsed == nullptr ? 0 : parsed->consumed;
}

std::size_t line_of(std::string_view rest) {
  const void* end = std::memchr(rest.data(), '\n', rest.size());
  return end == nullptr ? 0
                        : static_cast<std::size_t>(static_cast<const char*>(end) - rest.data()) + 1;
}

// The yardstick is so much faster that one round of it could not be timed.
constexpr int kRounds = 50;

template <class Read, class Yardstick>
void measure(benchmark::State& state, const Spoken& spoken, Read read, Yardstick yardstick) {
  const auto size = static_cast<double>(spoken.bytes.size());
  const bool measured = set_beside(
      state,
      [&] {
        bool right = true;
        for (int i = 0; i < kRounds && right; ++i) right = read_all(spoken.bytes, yardstick);
        return right;
      },
      [&] { return read_all(spoken.bytes, read); }, {.work = size, .yardstick = size * kRounds});
  if (measured) {
    state.counters["bytes_per_second"] = 1e6 / state.counters["work_us"];
  }
}

void BM_SmtpReply(benchmark::State& state, const std::string& reply) {
  measure(
      state, Spoken(reply),
      [](std::string_view rest) { return taken_of<ParsedReply>(parse_smtp_reply(rest)); }, line_of);
}

void BM_LdapMessage(benchmark::State& state, const std::string& message) {
  const Spoken spoken(message);
  measure(
      state, spoken,
      [](std::string_view rest) { return taken_of<ParsedLdap>(parse_ldap_message(rest)); },
      [&](std::string_view rest) {
        const std::vector<char> copy(rest.data(), rest.data() + spoken.one_size);
        benchmark::DoNotOptimize(copy.data());
        benchmark::ClobberMemory();
        return copy.size();
      });
}

// As Postfix answers EHLO.
const std::string kEhloReply =
    "250-smtp.example.test\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-VRFY\r\n250-ETRN\r\n"
    "250-STARTTLS\r\n250-AUTH PLAIN LOGIN SCRAM-SHA-256\r\n250-ENHANCEDSTATUSCODES\r\n"
    "250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n";

std::string person(std::size_t groups) {
  LdapSearchEntry entry{.dn = "uid=alice,ou=people,dc=example,dc=test",
                        .attributes = {{"objectClass", {"top", "person", "inetOrgPerson"}},
                                       {"cn", {"Alice Example"}},
                                       {"mail", {"alice@example.test"}}}};
  LdapAttribute member{.type = "memberOf"};
  for (std::size_t i = 0; i < groups; ++i) {
    member.values.push_back("cn=group" + std::to_string(i) + ",ou=groups,dc=example,dc=test");
  }
  if (groups > 0) entry.attributes.push_back(member);
  return written(LdapMessage{3, entry});
}

void add_all() {
  const auto add = [](const std::string& name, auto run, const std::string& said) {
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) { run(state, said); })
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
  };
  add("BM_SmtpReply/one-line", BM_SmtpReply, "250 2.1.0 Ok\r\n");
  add("BM_SmtpReply/ehlo", BM_SmtpReply, kEhloReply);
  std::string longest;
  for (int i = 0; i < 100; ++i) longest += "250-" + std::string(500, 'x') + "\r\n";
  add("BM_SmtpReply/long-lines", BM_SmtpReply, longest + "250 end\r\n");
  add("BM_LdapMessage/bind-request", BM_LdapMessage,
      written(
          LdapMessage{2, LdapBindRequest{3, "cn=alice,dc=example,dc=test", SimpleBind{"secret"}}}));
  add("BM_LdapMessage/bind-response", BM_LdapMessage, written(LdapMessage{2, LdapBindResponse{}}));
  add("BM_LdapMessage/person", BM_LdapMessage, person(0));
  add("BM_LdapMessage/person-in-1000-groups", BM_LdapMessage, person(1000));
}

}  // namespace
}  // namespace startle::bench

int main(int argc, char** argv) {
  startle::bench::add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
