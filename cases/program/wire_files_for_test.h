#pragma once
// What --pcap and --keylog have written, as its readers have it: ours, and tshark.

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/program_for_test.h"
#include "harness/pcapng/capture_for_test.h"

namespace startle::cases {

class WireFiles : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string content(const std::string& name) const { return read_file(path(name), 1 << 28); }
  void write(const std::string& name, const std::string& text) const {
    write_file(path(name), text);
  }
  std::vector<pcapng::Block> packets() const {
    std::vector<pcapng::Block> all = pcapng::read_capture(content("a.pcapng"));
    std::erase_if(
        all, [](const pcapng::Block& block) { return block.kind != pcapng::Block::Kind::packet; });
    return all;
  }
  std::vector<std::string> lines(const std::string& name) const {
    std::istringstream in(content(name));
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  }
  TemporaryFolder folder_{};
};

// Of tshark, which is told nothing but the file, whatever this machine's user has set.
class Shark : public WireFiles {
 protected:
  void SetUp() override {
    if (!is_installed("tshark")) GTEST_SKIP() << "tshark is not installed (Debian: tshark)";
  }
  // One line for each packet that `filter` lets through.
  std::string tshark(const std::string& filter, const std::string& show = "",
                     const std::string& file = "a.pcapng") const {
    const ProgramResult result = run_program(
        "{ XDG_CONFIG_HOME=" + path("nobody") + " HOME=" + path("nobody") + " tshark -r " +
        path(file) +
        " -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -o tcp.analyze_sequence_numbers:TRUE"
        " -o smtp.decryption:TRUE -Y '" +
        filter + "' " + show + " 2>" + path("errors") + "; }");
    EXPECT_EQ(result.status, 0) << content("errors");
    return result.output;
  }
  // Nothing that its reader calls damaged, lost, said twice or strange.
  void expect_sound() const {
    EXPECT_EQ(tshark("tcp.analysis.flags || tcp.checksum.status == 0 || ip.checksum.status == 0 || "
                     "_ws.malformed || _ws.short || "
                     "(_ws.expert.severity >= 4194304 && !tcp.flags.fin)"),
              "");
    EXPECT_NE(tshark("tcp.checksum.status == 1"), "");  // good: they were looked at
  }
};

}  // namespace startle::cases
