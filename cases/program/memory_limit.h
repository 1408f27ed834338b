#pragma once
// Little memory, as `ulimit -v` leaves it.

namespace startle::program {

// Where the address space is limited, the allocator reserves none of it for each thread by itself:
// 64 MiB each, which nobody uses, soon are all there is. Call it while there is one thread.
void share_limited_memory();

}  // namespace startle::program
