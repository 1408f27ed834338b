#pragma once
// What a recipe states of one certificate, in words: where it differs from what is usual in its
// place. That is where its flaw is.

#include <string>
#include <vector>

#include "certs/recipe.h"

namespace startle::program {

// One phrase for each attribute that differs ("version 1", "signed with sha1"), names left out.
std::vector<std::string> differences(const certs::CertificateRecipe& given,
                                     const certs::CertificateRecipe& usual);

// "30d ago .. in 365d"
std::string validity_text(const certs::ValidityPeriod& validity);

// "dNSName smtp.example.test", as it stands in a certificate for `host`, fit to be shown and not
// long.
std::string name_text(const certs::AlternativeName& name, const std::string& host);
// A common name, the same.
std::string subject_text(const certs::CertificateRecipe& certificate, const std::string& host);

}  // namespace startle::program
