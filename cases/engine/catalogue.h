#pragma once
// The catalogue: requirements, recipes, single cases and matrices, read from XML files under one
// folder. Cases stand below cases/<protocol> and cases/matrix, and the id of one is the place of
// its file: cases/smtp/injection/x.xml is smtp/injection/x.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cases/engine/case.h"
#include "cases/engine/requirements.h"
#include "certs/recipe.h"
#include "harness/xml/document.h"

namespace startle::cases {

// What a certificate is there for, beside what is wrong with it.
struct Purpose {
  std::vector<std::string> requirements{};  // ids of those that it exposes
  std::string bug_class{};                  // of the clients it is meant for; empty: of none
};

class Catalogue {
 public:
  // Reads the installed catalogue, or the tree's: the first of $STARTLE_CATALOGUE, ../share/startle
  // beside the program, the source tree it was built from. Throws Error(Fault::input).
  static Catalogue load();
  static Catalogue load_from(const std::filesystem::path& folder);
  // Of its cases and matrices only those of `ids`: see file_named_by().
  static Catalogue load_only(const std::vector<std::string>& ids);
  // The id of the one file that a glob is about: a case's whole id, or cells of a matrix. nullopt:
  // it may be about others.
  static std::optional<std::string> file_named_by(const std::string& glob);

  // Where descriptions of other people's clients stand: beside the cases of load().
  static std::filesystem::path clients_folder();

  // What load() has read, in its order: no schema.
  const std::vector<std::filesystem::path>& files() const { return files_; }

  // Adds a user's file: <case>, <matrix> or <recipes>. Returns the ids it brought.
  std::vector<std::string> add_file(const std::filesystem::path& file);

  const std::vector<Case>& cases() const { return cases_; }
  const std::vector<Matrix>& matrices() const { return matrices_; }
  const std::vector<Requirement>& requirements() const { return requirements_; }  // file order
  // Throws Error(Fault::usage) with the nearest id.
  const Requirement& requirement(const std::string& id) const;
  const std::vector<std::string>& recipe_ids() const { return recipe_ids_; }  // file order
  // Throws Error(Fault::usage) with the nearest id.
  const certs::Recipe& recipe(const std::string& id) const;
  // What is wrong with it, in one word: the folder of its file below certs/recipes, or else the
  // file's name.
  const std::string& kind(const std::string& id) const { return kinds_.at(id); }
  // Of a recipe, by its id.
  const Purpose& purpose(const std::string& id) const { return purposes_.at(id); }

 private:
  Catalogue(const std::filesystem::path& folder,
            const std::optional<std::vector<std::string>>& only);
  xml::Document read(const std::filesystem::path& file);
  void add_requirements(const xml::Document& document);
  void add_recipes(const xml::Document& document, const std::string& kind);
  void add(const xml::Document& document, std::string id);
  void check_certificate(const xml::Element& where, const std::string& id) const;
  void check_requirements(const xml::Element& where, const std::vector<std::string>& ids) const;
  void fill_axes();
  void check_new(const xml::Element& where, const std::string& kind, const std::string& id);

  xml::Schema schema_;
  std::vector<std::filesystem::path> files_{};
  std::vector<Requirement> requirements_{};
  std::vector<Case> cases_{};
  std::vector<Matrix> matrices_{};
  std::vector<std::string> recipe_ids_{};
  std::map<std::string, certs::Recipe> recipes_{};
  std::map<std::string, std::string> kinds_{};   // by id of the recipe
  std::map<std::string, Purpose> purposes_{};    // so
  std::map<std::string, std::string> places_{};  // "case x" -> "file:line"
};

}  // namespace startle::cases
