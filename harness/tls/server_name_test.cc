#include "harness/tls/server_name.h"

#include <gtest/gtest.h>

namespace startle::tls {
namespace {

struct Row {
  const char* name;
  const char* form;
};

// What is no host name stays none: a character that no host has is never left out of it.
TEST(ServerName, OfLettersBeyondAsciiIsItsALabelsAndOfAnythingElseWhatItIs) {
  for (const Row& row : {Row{"b\u00fccher.test", "xn--bcher-kva.test"},
                         {"B\u00fccher.Test", "xn--bcher-kva.test"},
                         {"a.test", "a.test"},
                         {"[2001:db8::1]", "2001:db8::1"},
                         {"b;\u00fccher.test", "b;\u00fccher.test"},
                         {"a b\u00fccher.test", "a b\u00fccher.test"},
                         {"cn=\"b\u00fccher\",dc=test", "cn=\"b\u00fccher\",dc=test"},
                         {"b\u00fccher.test/x", "b\u00fccher.test/x"},
                         {"\xff.test", "\xff.test"}}) {
    EXPECT_EQ(ascii_server_name(row.name), row.form);
    const std::string name = row.name;
    const bool odd = name.find_first_of(" ;\"=/[\xff") != std::string::npos;
    EXPECT_EQ(is_host_name(ascii_server_name(name)), !odd) << name;
  }
}

TEST(ServerName, WithANulIsNone) {
  const std::string name("b\u00fccher.test\0.evil.test", 22);
  EXPECT_EQ(ascii_server_name(name), name);
  EXPECT_FALSE(is_host_name(name));
  const std::string address("[::1\0x]", 7);
  EXPECT_EQ(ascii_server_name(address), address);
}

}  // namespace
}  // namespace startle::tls
