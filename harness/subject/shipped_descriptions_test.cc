// cases/clients/*.xml: every one is read, and can be filled in for every task that it says it does.

#include <gtest/gtest.h>

#include <functional>
#include <regex>
#include <set>

#include "harness/base/file.h"
#include "harness/subject/description_reader.h"
#include "harness/subject/fill_in.h"

namespace startle::subject {
namespace {

const std::filesystem::path kFolder = STARTLE_TREE "/cases/clients";

const xml::Schema& schema() {
  static const xml::Schema read = xml::Schema::read(kFolder / "clients.rng");
  return read;
}

client::Settings settings_of(const Circumstances& task) {
  client::Settings settings;
  settings.mode = task.mode;
  settings.tls_policy = task.tls_policy;
  settings.host = "mail.example.test";
  if (task.trust == TrustForm::any) settings.trust = "*";
  if (task.trust == TrustForm::host) settings.trust = settings.host;
  if (task.trust == TrustForm::names) settings.trust = "other.example.test";
  const CredentialForm form = task.credential;
  if (form != CredentialForm::none && form != CredentialForm::password_only) {
    settings.username = "alice";
  }
  if (form != CredentialForm::none && form != CredentialForm::username_only) {
    settings.password = form == CredentialForm::empty_password ? "" : "p w";
  }
  if (task.mechanism) settings.mechanism = std::string(word(*task.mechanism));
  return settings;
}

// Each task that it says it does, without and with a revocation list and a client's certificate.
using Visit = std::function<void(const Circumstances&, const PlaceholderValues&)>;
void each_task(const ClientTask& task, const std::string& variant, const Visit& visit) {
  const Abilities& can = task.abilities;
  std::vector<std::optional<sasl::Mechanism>> mechanisms{std::nullopt};
  mechanisms.insert(mechanisms.end(), can.mechanisms.begin(), can.mechanisms.end());
  for (const auto mode : can.modes)
    for (const auto policy : can.tls_policies)
      for (const auto trust : can.trust_forms)
        for (const auto credential : can.credentials)
          for (const auto& mechanism : mechanisms) {
            const Circumstances told{mode, policy, trust, credential, mechanism, variant};
            TrustFiles files{.authorities = "/t/ca.pem"};
            for (int i = 0; i < 2; ++i) {
              PlaceholderValues values = values_of(settings_of(told), {"127.0.0.1", 2525}, files);
              values.insert({{"message-file", "/h/m"}, {"home", "/h"}, {"here", "/d"}});
              values.insert({"unpacked", "/u"});
              if (values.contains("password")) values.insert({"password-file", "/h/p"});
              visit(told, values);
              files.revocation_lists = "/t/crl.pem";
              files.certificate = "/t/c.pem";
              files.key = "/t/k.pem";
            }
          }
}

class ShippedDescriptionTest : public testing::TestWithParam<std::string> {};

TEST_P(ShippedDescriptionTest, CanBeFilledInForEveryTaskThatItDoes) {
  const ClientDescription client = find_description(GetParam(), kFolder, schema());
  EXPECT_FALSE(client.version.empty());
  EXPECT_FALSE(client.packages.empty() && client.npm_packages.empty());
  for (const ClientTask& task : client.tasks) {
    int tasks = 0;
    each_task(task, variant_in(GetParam()), [&](const auto& told, const auto& values) {
      ++tasks;
      const auto arguments = fill_in_arguments(task.arguments, told, values);
      EXPECT_FALSE(arguments.front().empty());
      fill_in_named(task.variables, told, values);
      fill_in_named(task.files, told, values);
      if (task.input) fill_in_text(*task.input, values);
    });
    EXPECT_TRUE(tasks > 0 || client.speech != Speech::arguments);
  }
}

// A variant that changes nothing for any task is none.
TEST_P(ShippedDescriptionTest, DiffersFromItsOtherVariants) {
  const ClientDescription client = find_description(GetParam(), kFolder, schema());
  const auto commands = [&client](const std::string& variant) {
    std::string all;
    for (const ClientTask& task : client.tasks) {
      each_task(task, variant, [&](const auto& told, const auto& values) {
        for (const auto& one : fill_in_arguments(task.arguments, told, values)) all += one + "\n";
        for (const auto* named : {&task.variables, &task.files}) {
          for (const auto& [name, text] : fill_in_named(*named, told, values)) {
            all += name + "=" + text + "\n";
          }
        }
      });
    }
    return all;
  };
  std::set<std::string> different{commands(std::string(kDefaultVariant))};
  for (const ClientVariant& one : client.variants) different.insert(commands(one.name));
  EXPECT_EQ(different.size(), client.variants.size() + 1);
}

std::string test_name(const testing::TestParamInfo<std::string>& row) {
  std::string name = row.param;
  for (char& c : name) c = c == '-' || c == '/' || c == '.' ? '_' : c;
  return name;
}
INSTANTIATE_TEST_SUITE_P(Clients, ShippedDescriptionTest,
                         testing::ValuesIn(description_names(kFolder)), test_name);

// ---- cases/clients/README.md -------------------------------------------------------------------

std::string readme() {
  return read_file(kFolder / "README.md", 1 << 20);
}

std::set<std::string> named_in_grammar(const std::string& kind) {
  const std::string grammar = read_file(kFolder / "clients.rng", 1 << 20);
  const std::regex named("<" + kind + " name=\"([^\"]+)\"");
  std::set<std::string> names;
  for (std::sregex_iterator at(grammar.begin(), grammar.end(), named), end; at != end; ++at) {
    names.insert((*at)[1]);
  }
  return names;
}

TEST(ClientDocumentation, HasEveryElementWithAnExampleAndEveryAttribute) {
  const std::string text = readme();
  const std::set<std::string> elements = named_in_grammar("element");
  EXPECT_GT(elements.size(), 10U);
  for (const std::string& element : elements) {
    const std::regex row("\n\\| `<" + element + ">` \\|[^\n]*\\| `<" + element +
                         "[ />][^\n]*` \\|\n");
    EXPECT_TRUE(std::regex_search(text, row)) << "<" << element << ">";
  }
  for (const std::string& attribute : named_in_grammar("attribute")) {
    EXPECT_TRUE(std::regex_search(text, std::regex("[`\\s]" + attribute + "[`=]"))) << attribute;
  }
}

TEST(ClientDocumentation, HasEveryPlaceholderAndEveryClient) {
  const std::string text = readme();
  for (const std::string_view name : kClientPlaceholders) {
    EXPECT_NE(text.find("`{" + std::string(name) + "}`"), std::string::npos) << name;
  }
  for (const std::string_view spelling : kSpellings) {
    EXPECT_NE(text.find("`{password:" + std::string(spelling) + "}`"), std::string::npos)
        << spelling;
  }
  for (const std::string& name : description_names(kFolder)) {
    const bool is_variant = name.find('/') != std::string::npos;
    const std::string word = "`" + (is_variant ? variant_in(name) : name) + "`";
    EXPECT_NE(text.find(word), std::string::npos) << name;
  }
}

TEST(ClientDocumentation, HasAnExampleThatIsRead) {
  const std::string text = readme();
  const std::size_t begin = text.find("<client summary=\"post");
  ASSERT_NE(begin, std::string::npos);
  const std::string_view close = "</client>";
  const TemporaryFolder folder;
  const auto file = folder.path() / "post.xml";
  write_file(file, text.substr(begin, text.find(close, begin) + close.size() - begin));
  EXPECT_EQ(read_description(file, schema()).tasks.size(), 1U);
}

}  // namespace
}  // namespace startle::subject
