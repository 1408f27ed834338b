#include "harness/subject/description_reader.h"

#include <algorithm>
#include <array>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/subject/fill_in.h"
#include "harness/subject/task_reader.h"
#include "harness/xml/complaint.h"

namespace startle::subject {
namespace {

namespace fs = std::filesystem;
using xml::Element;

// As it stands in a command line, and in a path.
bool is_name(std::string_view text) {
  return !text.empty() && is_alphanumeric(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '+';
         });
}

std::string line_of(const Element& e, const char* key) {
  const std::string text = e.attribute(key);
  if (split_at_blanks(text).empty()) e.fail(std::string(key) + "=\"\" says nothing");
  if (text.find_first_of("\r\n") != std::string::npos) e.fail(std::string(key) + " is one line");
  return text;
}

std::vector<std::string> words_of_text(const Element& e) {
  e.allow_attributes({});
  e.allow_children({});
  std::vector<std::string> words = split_at_blanks(e.text());
  if (words.empty()) e.fail("<" + e.name() + "> is empty: leave it out, or say it");
  return words;
}

ClientVariant read_variant(const Element& e, const ClientDescription& client) {
  constexpr std::array<std::string_view, 2> kKeys{"name", "summary"};
  e.allow_attributes(kKeys);
  e.allow_children({});
  ClientVariant made{.name = e.attribute("name"), .summary = line_of(e, "summary")};
  if (made.name == kDefaultVariant) {
    e.fail("name=\"default\" is the client without a variant: call this one otherwise");
  }
  if (!is_name(made.name)) {
    e.fail("name=" + xml::quotation(made.name) + " is no name: letters, digits, -, _, . and +");
  }
  for (const ClientVariant& other : client.variants) {
    if (other.name == made.name) e.fail("there is a <variant name=\"" + made.name + "\"> already");
  }
  return made;
}

void read_attributes(const Element& root, ClientDescription& made) {
  constexpr std::array<std::string_view, 10> kKeys{
      "summary",        "packages",      "npm",    "unpack", "trust-model",
      "states-timeout", "states-reason", "speaks", "goal",   "resolves"};
  root.allow_attributes(kKeys);
  made.summary = line_of(root, "summary");
  made.packages = split_at_blanks(root.maybe_attribute("packages").value_or(""));
  made.npm_packages = split_at_blanks(root.maybe_attribute("npm").value_or(""));
  made.unpacked = stated_true(root, "unpack");
  if (made.unpacked && made.packages.empty()) {
    root.fail("unpack=\"true\" without packages=\"..\": there is nothing to unpack");
  }
  made.trust_model = root.choice("trust-model", made.trust_model);
  made.states_timeout = stated_true(root, "states-timeout");
  made.states_reason = stated_true(root, "states-reason");
  made.speech = root.choice("speaks", made.speech);
  made.goal = root.choice("goal", made.goal);
  made.resolver = root.choice("resolves", made.resolver);
}

// Once for each name, but for <variant> and <task>.
void read_part(const Element& part, ClientDescription& made) {
  const std::string name = part.name();
  const auto read_once = [&part, &name](std::vector<std::string>& into) {
    if (!into.empty()) part.fail("<" + name + "> stands in this <client> twice");
    into = words_of_text(part);
  };
  const auto read_command = [&](std::vector<std::string>& into) {
    read_once(into);
    const PlaceholderValues values{{"here", "/"}, {"unpacked", "/"}, {"home", "/"}};
    for (const std::string& one : into) {
      try {
        fill_in_text(one, values);
      } catch (const Error&) {
        part.fail(xml::quotation(one) +
                  ": only {here}, {home} and {unpacked} are placeholders here");
      }
    }
  };
  if (name == "version") read_command(made.version);
  if (name == "tls-library") read_command(made.tls_library);
  if (name == "no-model") {
    std::vector<std::string> reason = split_at_blanks(made.no_model);
    read_once(reason);
    for (const std::string& one : reason) made.no_model += (made.no_model.empty() ? "" : " ") + one;
  }
  if (name == "variant") made.variants.push_back(read_variant(part, made));
}

void read_tasks(const Element& root, ClientDescription& made) {
  for (const Element& part : root.children()) {
    if (part.name() != "task") continue;
    ClientTask task = read_task(part, made);
    for (const ClientTask& other : made.tasks) {
      if (other.protocol != task.protocol) continue;
      part.fail("<task protocol=\"" + std::string(word(task.protocol)) +
                "\"> stands in this <client> twice");
    }
    made.tasks.push_back(std::move(task));
  }
  if (made.tasks.empty()) root.fail("<client> has no <task>: it is never asked for anything");
}

// Files of descriptions in `folder`, by name.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (at->path().extension() == ".xml") files.push_back(at->path());
  }
  if (failed) throw Error(Fault::input, folder.string() + ": " + failed.message());
  std::sort(files.begin(), files.end());
  return files;
}

std::string client_in(std::string_view name) {
  return std::string(name.substr(0, name.find('/')));
}

[[noreturn]] void refuse_name(const std::string& name, const std::string& what,
                              const std::vector<std::string>& names) {
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view near = nearest(name, known);
  throw Error(Fault::usage, "`" + name + "` is no " + what + ": " +
                                (near.empty() ? "" : "did you mean `" + std::string(near) + "`? ") +
                                "there are " + comma_separated(known));
}

}  // namespace

ClientDescription read_description(const fs::path& file, const xml::Schema& schema) {
  const xml::Document document = xml::Document::read(file);
  const Element root = document.root();
  if (root.name() != "client") {
    root.fail("<" + root.name() + "> is no description of a client: that is a <client>");
  }
  ClientDescription made{.name = file.stem().string(), .file = file.string()};
  if (!is_name(made.name)) {
    root.fail("the client is called after its file, and " + xml::quotation(made.name) +
              " is no name: letters, digits, -, _, . and +");
  }
  constexpr std::array<std::string_view, 5> kChildren{"version", "tls-library", "no-model",
                                                      "variant", "task"};
  root.allow_children(kChildren);
  refuse_text(root);
  read_attributes(root, made);
  for (const Element& part : root.children()) read_part(part, made);
  read_tasks(root, made);
  schema.check(document);  // last: our own complaints say more
  return made;
}

std::string variant_in(std::string_view name) {
  const std::size_t slash = name.find('/');
  return std::string(slash == std::string_view::npos ? kDefaultVariant : name.substr(slash + 1));
}

std::vector<std::string> description_names(const fs::path& folder) {
  std::vector<std::string> names;
  for (const fs::path& file : files_in(folder)) {
    const std::string client = file.stem().string();
    names.push_back(client);
    const xml::Document document = xml::Document::read(file);
    for (const Element& variant : document.root().children()) {
      if (variant.name() == "variant") names.push_back(client + "/" + variant.attribute("name"));
    }
  }
  return names;
}

ClientDescription find_description(const std::string& name, const fs::path& folder,
                                   const xml::Schema& schema) {
  const std::string client = client_in(name);
  const fs::path file = folder / (client + ".xml");
  if (!is_name(client) || !fs::exists(file)) {
    refuse_name(name, "client", description_names(folder));
  }
  ClientDescription made = read_description(file, schema);
  if (client == name) return made;
  std::vector<std::string> names{client};
  for (const ClientVariant& one : made.variants) names.push_back(client + "/" + one.name);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    refuse_name(name, "variant of " + client, names);
  }
  return made;
}

}  // namespace startle::subject
