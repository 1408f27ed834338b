#pragma once
// Strict reading of the members of a JSON object: each complaint names the object and the member.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/words.h"

namespace startle::report {

class Members {
 public:
  // `of` is what a complaint calls the object: "the case `smtp/x`".
  Members(const nlohmann::json& object, std::string of) : object_(object), of_(std::move(of)) {
    if (!object.is_object()) throw Error(Fault::input, of_ + " is no JSON object");
  }

  bool has(const char* name) const { return object_.contains(name); }
  const nlohmann::json& member(const char* name) const {
    const auto found = object_.find(name);
    if (found == object_.end()) throw Error(Fault::input, of_ + " has no `" + name + "`");
    return *found;
  }
  std::string text(const char* name) const {
    const nlohmann::json& json = member(name);
    if (!json.is_string()) refuse(name, "text");
    return json.get<std::string>();
  }
  std::string text_or_null(const char* name) const {
    return member(name).is_null() ? "" : text(name);
  }
  std::vector<std::string> texts(const char* name) const {
    std::vector<std::string> list;
    for (const nlohmann::json& json : array(name)) {
      if (!json.is_string()) refuse(name, "a list of texts");
      list.push_back(json.get<std::string>());
    }
    return list;
  }
  std::uint64_t count(const char* name) const {
    const nlohmann::json& json = member(name);
    if (!json.is_number_unsigned()) refuse(name, "a whole number");
    return json.get<std::uint64_t>();
  }
  double amount(const char* name) const {
    const nlohmann::json& json = member(name);
    if (!json.is_number() || json.get<double>() < 0) refuse(name, "a number from 0");
    return json.get<double>();
  }
  bool flag(const char* name) const {
    const nlohmann::json& json = member(name);
    if (!json.is_boolean()) refuse(name, "true or false");
    return json.get<bool>();
  }
  template <class E>
  E word(const char* name) const {
    return as_word<E>(name, member(name));
  }
  template <class E>
  std::optional<E> word_or_null(const char* name) const {
    const nlohmann::json& json = member(name);
    return json.is_null() ? std::nullopt : std::optional(as_word<E>(name, json));
  }
  template <class E>
  std::vector<E> words(const char* name) const {
    std::vector<E> list;
    for (const nlohmann::json& json : array(name)) list.push_back(as_word<E>(name, json));
    return list;
  }

 private:
  [[noreturn]] void refuse(const char* name, const std::string& wanted) const {
    throw Error(Fault::input, "`" + std::string(name) + "` of " + of_ + " is not " + wanted);
  }
  const nlohmann::json& array(const char* name) const {
    const nlohmann::json& json = member(name);
    if (!json.is_array()) refuse(name, "a list");
    return json;
  }
  template <class E>
  E as_word(const char* name, const nlohmann::json& json) const {
    const auto value =
        json.is_string() ? from_word<E>(json.get_ref<const std::string&>()) : std::nullopt;
    if (!value) refuse(name, "one of: " + comma_separated(words_of(E{})));
    return *value;
  }

  const nlohmann::json& object_;
  std::string of_;
};

}  // namespace startle::report
