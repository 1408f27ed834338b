#pragma once
// The process that keeps a client: starts it, apart from everything else, ends it and all that it
// has left behind, and removes its folder. It does so too when who asked for it has died.

namespace startle::subject {

struct KeeperChannels {
  int order = -1;  // a local socket: a LaunchOrder comes, KeeperReports go; closed: end the client
  int input = -1;  // the client's stdin, stdout and stderr
  int output = -1;
  int errors = -1;
};

// Never returns; for a process that was forked while it had one thread.
[[noreturn]] void keep_client(const KeeperChannels& channels);

// Whether a process here can be given an /etc/hosts of its own. Forks.
bool can_give_hosts();

}  // namespace startle::subject
