#pragma once
// stdin, stdout and stderr, whatever the process was started with.

namespace startle::program {

// Opens what is closed of the three, so that no file takes its number and nothing that is meant for
// it lands there. What is then written to stdout fails, as on one that is closed. Call it first.
void open_closed_streams();

}  // namespace startle::program
