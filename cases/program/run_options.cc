// The options of `startle run`.

#include "cases/program/commands.h"
#include "cases/program/known_failures.h"
#include "cases/program/report_outputs.h"
#include "cases/program/run_request.h"
#include "cases/program/wire_files.h"
#include "harness/words/words.h"

namespace startle::program {

void add_suite(CommandLine& run, RunRequest& request) {
  run.option("--suite", request.suite, "Without a glob: quick, default or full")
      .value("SUITE")
      .shows_default();
}

void add_mode(CommandLine& run, RunRequest& request) {
  run.option("--mode", request.mode, "Only this mode: " + comma_separated(words::kModes))
      .value("MODE");
}

void add_circumstances(CommandLine& run, RunRequest& request) {
  run.option("--transport", request.transport, "memory (virtual time) or tcp (loopback)")
      .value("KIND")
      .shows_default();
  run.option("--jobs", request.jobs, "Threads [as many as there are processors]")
      .value("N")
      .between(std::size_t{1}, std::size_t{1024});
  run.option("--at", request.at,
             "The date of the run's clock, 2026-11-21 or 2026-11-21T12:00:00Z [now]")
      .value("DATE");
  run.option("--seed", request.seed, "Makes the canaries; the same seed gives the same report")
      .value("N")
      .shows_default();
  run.option("--deadline", request.deadline,
             "Seconds for one exchange [7200 virtual in memory, 12 over tcp, 30 for a program]")
      .value("S")
      .between(0.1, 86400.0);
}

namespace {

// What support has of a customer.
void add_customer(CommandLine& run, RunRequest& request) {
  run.option(
         "--config", request.config,
         "A customer's schedule.xml: its <smtp> and <ldap> elements become the client's settings")
      .value("FILE");
  run.option(
         "--home", request.home.home,
         "A customer's TRACKPLUS_HOME: say what is wrong with DIR/keystore/HOST.ks for "
         "each host of --config or --host, and which command mends it. With STARTTLS the product "
         "reads none of them, but the Java runtime's own store (--cacerts)")
      .value("DIR");
  run.option("--host", request.home.hosts,
             "A server of a customer who has no schedule.xml, as those of Allegra: 389, 636, 3268 "
             "and 3269 are LDAP, any other port SMTP; 465, 636 and 3269 speak TLS from the first "
             "octet, any other STARTTLS; --mode says otherwise. Read as angus or jndi, jsse")
      .value("HOST:PORT")
      .each_time()
      .excludes("--config");
  run.option("--store-password-file", request.home.password_file,
             "Holds the password of these stores [$STARTLE_STORE_PASSWORD, or changeit]")
      .value("FILE");
  run.option("--shown", request.home.shown,
             "What that host's server shows, as openssl s_client -showcerts prints it: the "
             "first row of the table of --config. With --home, also say whether the host's store "
             "holds it, or one from before it was renewed")
      .value("HOST=FILE")
      .each_time();
  run.option("--cacerts", request.home.cacerts,
             "The Java runtime's own store, lib/security/cacerts: what Java trusts where the host "
             "has no store of its own. The table goes by what it holds, and --shown is looked for "
             "in it")
      .value("FILE");
  run.option("--cacerts-password-file", request.home.cacerts_password_file,
             "Holds the password that the product is told for it [none, as Java needs none]")
      .value("FILE");
}

}  // namespace

void add_run_options(CommandLine& run, RunRequest& request) {
  run.option("what", request.what, "Globs over the ids of cases, or files of your own (XML)")
      .value("GLOB|FILE");
  add_suite(run, request);
  run.option("--client", request.client,
             "builtin; defect:NAME (`startle list --defects`); one that is described (`startle "
             "list --clients`); a program of your own, ./FILE, told by STARTLE_* in its "
             "environment; worker:FILE, told by JSON lines; or a description, FILE.xml")
      .value("NAME|FILE")
      .shows_default();
  add_customer(run, request);
  add_mode(run, request);
  run.option("--name", request.name, "The host name the client is told to reach")
      .value("HOST")
      .shows_default()
      .excludes("--config")
      .excludes("--host");
  run.option(
         "--trust-model", request.trust_model,
         comma_separated(words::kTrustModels) +
             ", or all side by side [documented; with --host angus for mail, jndi for directories]")
      .value("MODEL");
  run.option("--store-model", request.store_model,
             "What a key store kept for the host means: documented (its certificates are "
             "trusted besides the system's), jsse (what Java does), or all [documented; with "
             "--host jsse]")
      .value("MODEL");
  run.option("--tls-policy", request.tls_policy,
             "required, or enable: what a client does that goes on in clear where STARTTLS is not "
             "offered, or refused [as each case has it: required]")
      .value("POLICY");
  add_circumstances(run, request);
  run.option("--shard", request.shard,
             "Only the I-th of N parts; otherwise as GoogleTest, Bazel, GitLab, Kubernetes or "
             "Slurm say in the environment")
      .value("I/N");
  run.option("--sample", request.sample,
             "Only N of the selected cases, drawn by the seed; before --shard")
      .value("N")
      .between(std::size_t{1}, std::size_t{1'000'000'000});
  add_report_option(run, request.reports);
  run.option("--resume", request.resume,
             "Go on with the run that this report of it, json or jsonl, has the first cases of, "
             "however it ended: with the same options, only the others are run. May be the report "
             "that is written")
      .value("REPORT");
  add_known_failures(run, request);
  add_wire_files(run, request.wire);
  run.option("--fail-on", request.fail_on, kFailOnHelp).value("SEVERITY").shows_default();
  run.flag("--dialogue", request.dialogue,
           "Print what was said in every case, secrets blotted out");
  run.flag("--verbose", request.verbose, "Print a line for every case");
  add_no_cache(run, request.no_cache);
}

}  // namespace startle::program
