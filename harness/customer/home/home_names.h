#pragma once
// Files that stand where Java does not look. On Linux it opens exactly `keystore/<host>.ks`, letter
// for letter, and passes over everything else without a word.

#include <string>
#include <string_view>
#include <vector>

namespace startle::customer {

enum class Miss {
  letter_case,  // mail.EXAMPLE.com.ks
  padding,      // a dot or a blank too many before .ks
  port,         // mail.example.com:465.ks, mail.example.com_465.ks
  extension,    // mail.example.com.jks, mail.example.com.ks.txt, mail.example.com
  short_name,   // mail.ks
  longer_name,  // mail.example.com.ks where the host is configured as `mail`
  slip,         // mail.exmaple.com.ks
  address,      // 192.0.2.1.ks
  another,      // any other .ks
};

struct NearMiss {
  Miss miss = Miss::another;
  std::string name{};  // of the file
};

// Of `names`, the files of the folder, those that may have been meant for `host`: the likeliest
// first, of one kind in the order of their bytes. The host's own file is none of them, nor are the
// files of `other_hosts`.
std::vector<NearMiss> near_misses(const std::string& host, const std::vector<std::string>& names,
                                  const std::vector<std::string>& other_hosts = {});

// What is wrong with the name: "its name differs in letter case". Of `extension`: "".
std::string_view reason_of(Miss miss);

}  // namespace startle::customer
