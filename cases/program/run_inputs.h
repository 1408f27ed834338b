#pragma once
// The files that a command reads: what no report may replace, and what a run that goes on has to
// find as it was.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/program/report_outputs.h"
#include "cases/program/run_request.h"

namespace startle::program {

struct InputFile {
  std::string what{};  // as the user knows it: "--config"
  std::filesystem::path file{};
};

// Of a run, all that may stand in the catalogue included; those that are not there are left out.
std::vector<InputFile> input_files(const RunRequest& request);

// Throws Error(Fault::usage) where `option`, which writes `output`, would replace one of them.
void refuse_to_replace(const std::string& option, const std::filesystem::path& output,
                       const std::vector<InputFile>& inputs);
// So of all reports.
void refuse_to_replace(const std::vector<WantedReport>& reports,
                       const std::vector<InputFile>& inputs);

// What a report notes of them (RunInfo::inputs), and of the options that change verdicts and stand
// nowhere else: names, and fingerprints that show a change and tell nothing of a password.
// `catalogue`: as it was read for the run.
std::vector<std::pair<std::string, std::string>> noted_inputs(const RunRequest& request,
                                                              const cases::Catalogue& catalogue);

}  // namespace startle::program
