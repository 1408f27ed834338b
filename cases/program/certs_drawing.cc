#include "cases/program/certs_drawing.h"

#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

#include "cases/engine/selection.h"
#include "cases/program/certs_differences.h"
#include "cases/program/certs_json.h"
#include "harness/base/printable.h"
#include "harness/base/shell_word.h"

namespace startle::program {
namespace {

using certs::CertificateRecipe;
using certs::Recipe;

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string ordinal(std::size_t number) {
  const std::size_t last = number % 100 / 10 == 1 ? 0 : number % 10;
  return std::to_string(number) + (last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th");
}

// A certificate of the chain or beside it, and its place counted from the end entity.
struct Shown {
  const CertificateRecipe& certificate;
  const CertificateRecipe usual;
  std::size_t place = 0;
  std::string about{};  // what else is to be known of it
};

class Page {
 public:
  Page(const Recipe& recipe, const std::string& host, bool color)
      : recipe_(recipe),
        host_(host),
        color_(color),
        sent_(certs::sent_order(recipe)),
        endings_(endings_of(recipe, host)) {
    harmless_ = std::all_of(endings_.begin(), endings_.end(), [](const ModelEndings& one) {
      return one.endings == std::vector{words::Ending::delivered};
    });
  }

  std::string text(const std::string& kind) {
    row("certificate", bold(recipe_.id) + " (" + kind + ")");
    row(harmless_ ? "what it is" : "wrong", recipe_.reason);
    row("clause", recipe_.clause);
    draw_chain();
    draw_extras();
    draw_status();
    draw_facts();
    draw_endings();
    draw_disagreements();
    out_ << '\n';
    const bool usual_host = host_ == cases::Plan{}.host;
    row("serve it", "startle serve smtp --certificate " + recipe_.id +
                        (usual_host ? "" : " --name " + shell_word(host_)));
    return out_.str();
  }

 private:
  static constexpr std::size_t kLabel = 14;
  static constexpr std::size_t kTree = 46;

  void row(const std::string& label, const std::string& text) {
    out_ << padded(label, kLabel) << text << '\n';
  }
  std::string bold(const std::string& text) const {
    return color_ ? "\033[1m" + text + "\033[0m" : text;
  }
  // A line that says what is not usual, in red where it does harm.
  void mark(const std::string& indent, const std::string& what) {
    const std::string line = std::string(harmless_ ? "* " : "! ") + what;
    out_ << indent << (color_ && !harmless_ ? "\033[31m" + line + "\033[0m" : line) << '\n';
  }

  // "sent 1st and 4th"
  std::string sent_as(std::size_t place) const {
    std::string text;
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      if (sent_[i] == place) text += (text.empty() ? "sent " : " and ") + ordinal(i + 1);
    }
    return text.empty() ? "not sent" : text;
  }

  void draw(const Shown& shown, std::size_t depth, const std::string& name) {
    const std::string indent(depth == 0 ? 0 : 3 * (depth - 1), ' ');
    const std::string line = indent + (depth == 0 ? "" : "`- ") + name;
    out_ << padded(line, kTree) << ' ' << padded(std::string(word(shown.certificate.key)), 11)
         << padded(validity_text(shown.certificate.validity), 22) << shown.about
         << sent_as(shown.place) << '\n';
  }

  void draw_chain() {
    out_ << '\n' << bold("The chain, from the root down to the end entity") << '\n';
    const bool self = recipe_.leaf_issuer == certs::LeafIssuer::self;
    std::size_t depth = 0;
    if (!self) {
      const std::size_t place = certs::chain_length(recipe_) - 1;
      const Shown root{
          .certificate = recipe_.root,
          .usual = certs::default_root(),
          .place = place,
          .about = recipe_.root_trusted ? "trust anchor, " : "not held by the client, "};
      draw(root, depth, subject_text(root.certificate, host_));
      if (!recipe_.root_trusted) mark("   ", "the client does not hold this root");
      for (const std::string& one : differences(root.certificate, root.usual)) mark("   ", one);
      for (std::size_t i = 0; i < recipe_.intermediates.size(); ++i) {
        const Shown shown{.certificate = recipe_.intermediates[i],
                          .usual = certs::default_intermediate(i + 1),
                          .place = place - 1 - i};
        draw(shown, ++depth, subject_text(shown.certificate, host_));
        const std::string below(3 * depth, ' ');
        if (sent_as(shown.place) == "not sent") mark(below, "the server does not send it");
        for (const std::string& one : differences(shown.certificate, shown.usual)) mark(below, one);
      }
      ++depth;
    }
    draw_leaf(depth, self);
    const bool in_order = std::is_sorted(sent_.begin(), sent_.end(), std::less_equal<>());
    if (!in_order) mark("", "sent in another order than from the end entity up");
  }

  void draw_leaf(std::size_t depth, bool self) {
    const Shown leaf{.certificate = recipe_.leaf, .usual = certs::valid_recipe().leaf};
    const std::string below(3 * depth, ' ');
    draw(leaf, depth, subject_text(leaf.certificate, host_));
    if (self) mark(below, "it signed itself");
    const bool usual_names = leaf.certificate.names == leaf.usual.names;
    const std::size_t shown_names = std::min<std::size_t>(leaf.certificate.names.size(), 6);
    for (std::size_t i = 0; i < shown_names; ++i) {
      const std::string name = name_text(leaf.certificate.names[i], host_);
      usual_names ? void(out_ << below << "  " << name << '\n') : mark(below, name);
    }
    if (shown_names < leaf.certificate.names.size()) {
      mark(below, ".. " + std::to_string(leaf.certificate.names.size()) + " names in all");
    }
    if (leaf.certificate.names.empty()) mark(below, "no subjectAltName");
    for (const std::string& one : differences(leaf.certificate, leaf.usual)) mark(below, one);
  }

  std::string issuer_text(const certs::ExtraCertificate& extra) const {
    using Issuer = certs::ExtraCertificate::Issuer;
    switch (extra.issuer) {
      case Issuer::self:
        return "signed by itself";
      case Issuer::root:
        return "issued by the root";
      case Issuer::unknown_root:
        return "issued by a root that the client does not hold";
      case Issuer::leafs_issuer:
        return "issued by the end entity's issuer";
      case Issuer::anchor_itself:
        break;
    }
    return "the trust anchor itself";
  }

  void draw_extras() {
    if (recipe_.extras.empty()) return;
    const std::size_t chain = certs::chain_length(recipe_);
    out_ << '\n' << bold("Beside it") << '\n';
    for (std::size_t i = 0; i < recipe_.extras.size(); ++i) {
      const certs::ExtraCertificate& extra = recipe_.extras[i];
      const std::string letter(1, static_cast<char>('a' + i));
      const CertificateRecipe certificate = certs::certificate_of(extra, recipe_);
      draw({.certificate = certificate, .usual = {}, .place = chain + i}, 0,
           letter + "  " + subject_text(certificate, host_));
      out_ << "   " << issuer_text(extra) << whose_text(extra) << '\n';
    }
  }

  std::string whose_text(const certs::ExtraCertificate& extra) const {
    if (!extra.subject_of) return "";
    const CertificateRecipe& whose = certs::at_place(recipe_, *extra.subject_of);
    return std::string("; its name ") + (extra.same_key ? "and its key are those" : "is that") +
           " of " + subject_text(whose, host_);
  }

  void draw_status() {
    if (recipe_.tls_1_2_only) {
      out_ << '\n';
      mark("", "the server speaks TLS 1.2 alone: its key is of no use in TLS 1.3");
    }
    if (const auto& list = recipe_.revocation_list) {
      out_ << '\n';
      mark("",
           "the client holds a revocation list, " + validity_text(list->validity) +
               (list->revokes_leaf ? ", with the end entity on it" : ", without the end entity"));
    }
    if (const auto& staple = recipe_.staple) {
      out_ << '\n';
      mark("", std::string("the server staples `") + (staple->revoked ? "revoked" : "good") + "`" +
                   (staple->of_another ? " of another certificate" : "") + ", " +
                   validity_text(staple->validity));
    }
  }

  static std::string fact_text(const Json& value) {
    if (value.is_array() && value.size() > 3) return std::to_string(value.size()) + " of them";
    if (value.is_array()) {
      std::string text;
      for (const Json& one : value) text += (text.empty() ? "" : ", ") + fact_text(one);
      return text.empty() ? "none" : text;
    }
    if (!value.is_string()) return value.dump();
    const std::string text = value.get<std::string>();
    if (text.empty()) return "none";
    if (text.size() > 72) return std::to_string(text.size()) + " octets";
    return printable(text);
  }

  void draw_facts() {
    const Json facts = facts_json(certs::facts_of(recipe_, host_));
    const Json usual = facts_json(certs::facts_of(certs::valid_recipe(), host_));
    out_ << '\n' << bold("Facts that differ from those of `valid`") << '\n';
    bool any = false;
    for (const auto& [name, value] : facts.items()) {
      if (value == usual.at(name)) continue;
      any = true;
      out_ << "  " << padded(name, 22) << fact_text(value) << "  (" << fact_text(usual.at(name))
           << ")\n";
    }
    if (!any) out_ << "  none\n";
  }

  void draw_endings() {
    out_ << '\n'
         << bold("What a client makes of it") << " that is told to reach " << host_
         << ", with trust=\"" << host_ << "\" (" << told_trust() << ") or without trust\n";
    for (const ModelEndings& one : endings_) {
      out_ << "  " << padded(std::string(word(one.model)), kModelWidth)
           << bold(list_of(one.endings)) << "\n              " << printable(one.reason) << '\n';
    }
    if (!recipe_.expected.why.empty()) out_ << "  more than one: " << recipe_.expected.why << '\n';
  }

  void draw_disagreements() {
    if (recipe_.disagreements.empty()) return;
    out_ << '\n' << bold("Who sees it otherwise") << '\n';
    for (const certs::Disagreement& one : recipe_.disagreements) {
      out_ << "  " << padded(std::string(word(one.library)), 12) << one.says << "\n              "
           << one.why << '\n';
    }
  }

  const Recipe& recipe_;
  const std::string& host_;
  bool color_;
  std::vector<std::size_t> sent_;
  std::vector<ModelEndings> endings_;
  bool harmless_ = false;  // every client accepts it
  std::ostringstream out_{};
};

}  // namespace

std::string drawing_of(const Recipe& recipe, const std::string& kind, const std::string& host,
                       bool color) {
  return Page(recipe, host, color).text(kind);
}

}  // namespace startle::program
