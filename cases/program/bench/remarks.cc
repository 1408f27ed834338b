#include "cases/program/bench/remarks.h"

#include "cases/program/bench/latency.h"

namespace startle::program {

void remark_on(Row& row) {
  constexpr double kBusy = 0.9;
  if (row.result.failures.count(words::Ending::throttled) > 0) {
    row.remarks.emplace_back(
        "the server throttled its client (421, or busy), and the rate is void: Postfix's anvil "
        "counts what a client does in a minute (smtpd_client_connection_rate_limit, "
        "smtpd_client_connection_count_limit, smtpd_client_new_tls_session_rate_limit)");
  }
  if (row.result.done == 0) return;
  const double share = row.client_cpu_us / (row.wall_s * 1e6 * row.plan.threads);
  if (row.plan.transport == cases::Transport::tcp && share > kBusy) {
    row.remarks.push_back("the generator used " + number_text(share * 100) +
                          " % of its threads: it, and not the server, may be the limit "
                          "(--threads)");
  }
  if (row.plan.tls.resumption == Resumption::ticket && row.result.resumed == 0) {
    row.remarks.emplace_back("the server resumed no session: these are full handshakes");
  }
  const bool hides_stalls = has_latencies(row) && !row.plan.is_open_loop();
  if (hides_stalls && row.plan.connections > 1 && !row.bare_us) {
    row.remarks.emplace_back(
        "a closed loop waits with a server that stalls: its latencies do not show how many "
        "would have been held up (coordinated omission); --rate does");
  }
}

std::string told_default(const std::vector<Row>& rows) {
  if (rows.size() < 3 || !rows[1].rate() || rows[2].result.done == 0) return "";
  const auto p = [](const Row& row, double share) {
    return duration_text(microseconds(row.result.of(load::Part::total).quantile(share)));
  };
  return "One connection at a time takes " + p(rows[0], 0.5) + " (p50) from connect to the end; " +
         std::to_string(rows[1].plan.connections) + " at once get " + number_text(*rows[1].rate()) +
         " handshakes a second; when " + number_text(rows[2].plan.rate) +
         " a second arrive by a schedule, 99 of 100 are done within " + p(rows[2], 0.99) +
         " of when they were to begin.";
}

}  // namespace startle::program
