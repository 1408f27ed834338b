#pragma once
// --pcap and --keylog: what went over the wire, as Wireshark reads it.

#include <memory>
#include <string>
#include <vector>

#include "cases/program/command_line.h"
#include "cases/program/run_inputs.h"
#include "cases/program/wire_request.h"
#include "harness/pcapng/evidence.h"

namespace startle::program {

// `pcap`: what --help says of that file.
void add_wire_files(CommandLine& command, WireRequest& request,
                    const std::string& pcap =
                        "Write what went over the wire as pcapng, for Wireshark: with the "
                        "secrets of TLS, so that it shows what was said inside, passwords "
                        "too");

// A file that something else is written to.
struct OtherOutput {
  std::string option{};  // as the user wrote it: "--report json=a.json"
  std::string file{};
};

// Throws Error(Fault::usage) where one cannot be a file of its own: it names none, a folder or
// stdout, or what is read or written by another option.
void check_wire_files(const WireRequest& request, const std::vector<InputFile>& inputs = {},
                      const std::vector<OtherOutput>& others = {});

// Null where neither is wanted. `clock`: what the run's clock says now. Throws Error(Fault::usage)
// where one cannot be written.
std::shared_ptr<pcapng::Evidence> open_wire_files(
    const WireRequest& request, pcapng::Time clock,
    pcapng::Evidence::Secrets secrets = pcapng::Evidence::Secrets::embedded);

}  // namespace startle::program
