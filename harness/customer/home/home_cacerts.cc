#include "harness/base/file.h"
#include "harness/customer/home/home.h"
#include "harness/customer/home/home_reading.h"
#include "harness/customer/home/home_remedy.h"

namespace startle::customer {

FoundStore find_java_store(const std::filesystem::path& file,
                           const std::optional<std::string>& password, const StoreUse& use) {
  FoundStore found{.file = file, .use = use};
  if (shell_for(file.native()) == Shell::cmd) found.use.shell = Shell::cmd;
  const std::string host = "cacerts";
  const Remedy remedy(found.file, host, found.use);
  read_host_store(found, remedy, read_file(file, kLargestStore), password.value_or(""));
  // Authorities come and go: that some of a hundred have expired is no news.
  std::erase_if(found.diagnoses,
                [](const StoreDiagnosis& one) { return one.problem == StoreProblem::expired; });
  // The host is none of it: what would be imported is another question.
  for (StoreDiagnosis& one : found.diagnoses) one.remedy.clear();
  return found;
}

}  // namespace startle::customer
