#include "cases/program/commands.h"
#include "certs/key_cache.h"

namespace startle::program {

void add_no_cache(CommandLine& command, bool& no_cache) {
  command.flag("--no-cache", no_cache,
               "Make new private keys, rather than keep them in the user's cache folder");
}

certs::MintOptions mint_options(bool no_cache) {
  return {.key_cache = no_cache ? "" : certs::users_key_cache()};
}

}  // namespace startle::program
