// startle certs: the certificates there are, what is wrong with each, and the chains as files.

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "cases/engine/catalogue.h"
#include "cases/engine/glob.h"
#include "cases/program/certs_drawing.h"
#include "cases/program/certs_export.h"
#include "cases/program/certs_json.h"
#include "cases/program/certs_shown.h"
#include "cases/program/commands.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

using cases::Catalogue;

struct Options {
  std::vector<std::string> what{};
  std::string name = "smtp.example.test";
  std::optional<std::string> shown_name{};  // of `show`: what a file shows has names of its own
  std::string folder{};
  std::string format = "pem";
  bool json = false;
  bool pem = false;
  bool no_cache = false;
};

// A glob over ids, or over KIND/ID: `dates` is all of that kind.
bool selects(const std::string& glob, const Catalogue& catalogue, const std::string& id) {
  return cases::glob_matches(glob, id) || cases::glob_matches(glob, catalogue.kind(id) + "/" + id);
}

// The ids of what was asked for, each once, in the catalogue's order; all where nothing was.
// nullopt, and a sentence: a glob matches none. Throws Error for an id that is none.
std::optional<std::vector<std::string>> chosen(Catalogue& catalogue,
                                               const std::vector<std::string>& what) {
  std::vector<std::string> globs;
  for (const std::string& one : what) {
    const auto& known = catalogue.recipe_ids();
    if (!is_file(one) || std::find(known.begin(), known.end(), one) != known.end()) {
      globs.push_back(one);
      continue;
    }
    const std::size_t before = catalogue.recipe_ids().size();
    const auto brought = catalogue.add_file(one);
    if (catalogue.recipe_ids().size() == before) {
      throw Error(Fault::usage, one + " holds no recipes of certificates");
    }
    globs.insert(globs.end(), brought.begin(), brought.end());
  }
  const std::vector<std::string>& ids = catalogue.recipe_ids();
  if (ids.empty() && globs.empty()) {
    std::cerr << "startle: the catalogue holds no certificate\n";
    return std::nullopt;
  }
  for (const std::string& glob : globs) {
    const auto matches = [&](const std::string& id) { return selects(glob, catalogue, id); };
    if (std::any_of(ids.begin(), ids.end(), matches)) continue;
    if (glob.find_first_of("*?") == std::string::npos) catalogue.recipe(glob);
    std::cerr << "startle: no certificate matches `" << glob
              << "` (`startle certs list` names all)\n";
    return std::nullopt;
  }
  std::vector<std::string> found;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(found), [&](const std::string& id) {
    return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
             return selects(glob, catalogue, id);
           });
  });
  return found;
}

int list(const Options& options) {
  Catalogue catalogue = Catalogue::load();
  const auto ids = chosen(catalogue, options.what);
  if (!ids) return kNotJudged;
  for (const std::string& id : *ids) std::cout << id << '\n';
  return kAllAsExpected;
}

// What `certs show` prints, piece after piece.
class Shown {
 public:
  explicit Shown(const Options& options) : options_(options) {
    tls::set_run_clock(clock_);
    if (options.shown_name) host_ = *options.shown_name;
    check_host_name(host_);
  }

  void file(const std::string& name) {
    const ShownFile shown = read_shown_for(name, options_.shown_name);
    if (options_.pem) {
      std::cout << certs::to_pem(shown.der);
    } else if (options_.json) {
      json_.push_back(shown_json(shown));
    } else {
      draw(program::drawing_of(shown, color_));
    }
  }

  // `alone`: nothing else was asked for.
  void recipe(const certs::Recipe& recipe, const std::string& kind, bool alone) {
    if (const std::string why = certs::inapplicable(recipe, host_); !why.empty()) {
      without(recipe, kind, why, alone);
      return;
    }
    if (options_.pem) {
      if (!mint_) mint_.emplace(clock_, mint_options(options_.no_cache));
      std::cout << certs::to_pem(mint_->chain(recipe, host_)->sent_der);
    } else if (options_.json) {
      json_.push_back(recipe_json(recipe, kind, host_));
    } else {
      draw(program::drawing_of(recipe, kind, host_, color_));
    }
  }

  void end() const {
    if (!options_.json || options_.pem) return;
    std::cout << Json{{"format", 1}, {"name", host_}, {"certificates", json_}}.dump(
                     1, ' ', false, Json::error_handler_t::replace)
              << '\n';
  }

 private:
  // The recipe says nothing to clients of this host.
  void without(const certs::Recipe& recipe, const std::string& kind, const std::string& why,
               bool alone) {
    const std::string cannot = "cannot be shown to clients of " + host_ + ": " + why;
    if (alone) {
      throw Error(Fault::usage, "certificate " + recipe.id + " " + cannot +
                                    ": give another --name, for example --name " + Options{}.name);
    }
    if (options_.pem) {
      std::cerr << "startle: certificate " << recipe.id << " is left out: it " << cannot << '\n';
    } else if (options_.json) {
      json_.push_back({{"id", recipe.id}, {"kind", kind}, {"inapplicable", why}});
    } else {
      draw("certificate   " + recipe.id + " (" + kind + ")\n" + cannot + "\n");
    }
  }

  void draw(const std::string& page) {
    std::cout << (first_ ? "" : "\n\n") << page;
    first_ = false;
  }

  const Options& options_;
  const std::chrono::sys_seconds clock_ = now();
  const bool color_ = isatty(STDOUT_FILENO) != 0;
  std::string host_ = Options{}.name;
  std::optional<certs::Mint> mint_{};
  Json json_ = Json::array();
  bool first_ = true;
};

int show(const Options& options) {
  Shown shown(options);
  std::vector<std::string> others;
  for (const std::string& what : options.what) {
    is_shown_file(what) ? shown.file(what) : others.push_back(what);
  }
  if (!others.empty()) {
    Catalogue catalogue = Catalogue::load();
    const auto ids = chosen(catalogue, others);
    if (!ids) return kNotJudged;
    for (const std::string& id : *ids) {
      shown.recipe(catalogue.recipe(id), catalogue.kind(id), ids->size() == 1);
    }
  }
  shown.end();
  return kAllAsExpected;
}

int export_all(const Options& options) {
  const auto format = option_word<ExportFormat>("--format", options.format);
  check_host_name(options.name);
  Catalogue catalogue = Catalogue::load();
  auto ids = chosen(catalogue, options.what);
  if (!ids) return kNotJudged;
  const auto clock = now();
  tls::set_run_clock(clock);
  certs::Mint mint(clock, mint_options(options.no_cache));
  export_certificates(
      {.folder = options.folder, .host = options.name, .format = format, .ids = std::move(*ids)},
      catalogue, mint);
  return kAllAsExpected;
}

void add_name(CommandLine& sub, Options& options) {
  sub.option("--name", options.name, "The host name the certificates are issued to")
      .value("HOST")
      .shows_default();
}

Option add_what(CommandLine& sub, Options& options) {
  return sub
      .option("what", options.what,
              "Ids, globs over them, kinds, or files of recipes of your own [all]")
      .value("ID|GLOB|FILE");
}

}  // namespace

void add_certs(CommandLine& startle) {
  auto options = std::make_shared<Options>();
  CommandLine certs = startle.command("certs", "List, show and export the certificates there are");
  certs.needs_command();
  certs.footer(
      "Examples:\n"
      "  startle certs list dates\n"
      "  startle certs show expired\n"
      "  startle certs export certificates --name mail.example.com");

  CommandLine listed = certs.command("list", "Print their ids, one per line");
  add_what(listed, *options);
  listed.footer("Examples:\n  startle certs list\n  startle certs list dates 'wildcard-*'");
  listed.runs([options] { return list(*options); });

  CommandLine shown = certs.command(
      "show", "Draw a chain, and say what is wrong with it and what clients make of it");
  add_what(shown, *options).required();
  shown
      .option("--name", options->shown_name,
              "The host name the certificates are issued to, or that a client of a file's server "
              "is told [smtp.example.test; of a file, the first name it presents]")
      .value("HOST");
  shown.flag("--json", options->json, "The same as JSON, without the drawing");
  shown.flag("--pem", options->pem, "The certificates instead, as they are sent")
      .excludes("--json");
  add_no_cache(shown, options->no_cache);
  shown.footer(
      "Of a PEM file, as openssl s_client -showcerts prints it, the same is said of\n"
      "what is in it, with this machine's authorities ($SSL_CERT_FILE) for trust\n"
      "anchors.\n"
      "Examples:\n"
      "  startle certs show expired\n"
      "  startle certs show names --json\n"
      "  startle certs show shown.pem --name mail.example.com");
  shown.runs([options] { return show(*options); });

  CommandLine exported =
      certs.command("export", "Write chains, keys and trust anchors into a folder, with an index");
  exported.option("folder", options->folder, "A folder that is new or empty")
      .value("DIR")
      .required();
  add_what(exported, *options);
  add_name(exported, *options);
  exported
      .option("--format", options->format,
              "pem; or for Java pkcs12 or jks: what a trust store is written as")
      .value("FORMAT")
      .shows_default();
  add_no_cache(exported, options->no_cache);
  exported.footer(
      "ID/chain.pem is what the server sends, ID/key.pem its key, ID/ca.pem what a\n"
      "client is to trust. For Java, ID/ID.p12 is key and chain (in JKS only Java could\n"
      "write the key), and ID/truststore.p12 or .jks what keytool would import to trust\n"
      "this server: its authority or, where it signed itself, its certificate. The\n"
      "password is `changeit`.\n"
      "index.json says what is wrong with each, and what clients should make of it.\n"
      "Validity is relative to now: export again, rather than keep what was exported.\n"
      "Examples:\n"
      "  startle certs export certificates --name mail.example.com\n"
      "  startle certs export two --format pkcs12 expired self-signed");
  exported.runs([options] { return export_all(*options); });
}

}  // namespace startle::program
