#include "cases/program/wire_files.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <tuple>

#include "cases/program/report_outputs.h"
#include "harness/base/error.h"
#include "harness/base/output_file.h"

namespace startle::program {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPcap = "--pcap";
constexpr const char* kKeyLog = "--keylog";

void check_file(const std::string& option, const std::string& file, const char* example) {
  std::error_code none;
  if (fs::is_directory(file, none)) {
    throw Error(Fault::usage, option + ": " + file + " is a folder: name a file in it, " + file +
                                  (file.ends_with('/') ? "" : "/") + example);
  }
  const bool is_stdout = file == "-" || named_descriptor(file) == STDOUT_FILENO;
  if (!is_stdout && !is_file_of(STDOUT_FILENO, file)) return;
  throw Error(Fault::usage,
              option + " " + file + " and stdout go to the same place: name a file of its own");
}

}  // namespace

void add_wire_files(CommandLine& command, WireRequest& request, const std::string& pcap) {
  command.option(kPcap, request.pcap, pcap).value("FILE");
  command
      .option(kKeyLog, request.key_log,
              "Write the secrets of TLS as a key log, for Wireshark beside a capture of your own")
      .value("FILE");
}

void check_wire_files(const WireRequest& request, const std::vector<InputFile>& inputs,
                      const std::vector<OtherOutput>& others) {
  std::vector<OtherOutput> before = others;
  for (const auto& [option, file, example] :
       {std::tuple{kPcap, request.pcap, "startle.pcapng"},
        std::tuple{kKeyLog, request.key_log, "startle.keys"}}) {
    if (file.empty()) continue;
    check_file(option, file, example);
    const std::string said = std::string(option) + " " + file;
    refuse_to_replace(said, file, inputs);
    for (const OtherOutput& other : before) {
      if (!are_one_place(other.file, file)) continue;
      throw Error(Fault::usage,
                  other.option + " and " + said + " go to the same file: give each its own");
    }
    before.push_back({said, file});
  }
}

std::shared_ptr<pcapng::Evidence> open_wire_files(const WireRequest& request, pcapng::Time clock,
                                                  pcapng::Evidence::Secrets secrets) {
  if (request == WireRequest{}) return nullptr;
  try {
    return std::make_shared<pcapng::Evidence>(
        pcapng::Evidence::Wanted{.pcap = request.pcap,
                                 .key_log = request.key_log,
                                 .application = std::string("startle ") + STARTLE_VERSION,
                                 .secrets = secrets,
                                 .clock = clock});
  } catch (const Error& e) {
    throw Error(Fault::usage, std::string(e.what()) +
                                  ": name a file in a folder that is there and that you may write "
                                  "to");
  }
}

}  // namespace startle::program
