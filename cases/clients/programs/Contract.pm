# A worker's half of the contract (harness/subject/contract.h), for the programs in Perl: one line of JSON for a
# task, one for its answer. Strings are octets.
package Contract;
use strict;
use warnings;
use Exporter 'import';
use IO::Handle;
use JSON::PP;
our @EXPORT = qw(told cannot password contents able_to_be_told work);

my %task;

sub told { return $task{lc $_[0]} }    # undef: it is not told

sub cannot { die bless {reason => $_[0]}, 'Contract::Cannot' }

sub contents {
    open my $file, '<:raw', $_[0] or die "$_[0]: $!\n";
    local $/;
    return <$file> // '';
}

sub password { return contents(told('PASSWORD_FILE')) }

# Of what a task need not have, this program reads the names given; what else it is told it cannot do.
sub able_to_be_told {
    my %names = map { $_ => 1 } @_;
    for (qw(CLIENT_CERTIFICATE CRL MECHANISM TLS_POLICY)) {
        cannot('this program cannot be told ' . lc) if told($_) && !$names{$_};
    }
    my $trust = told('TRUST') // '*';
    cannot('it looks for the one name of the host it connects to')
        if $trust ne '*' && $trust ne told('HOST');
    cannot('it is given a name and a password together, or neither')
        if defined(told('USERNAME') // told('BIND_DN')) != defined(told('PASSWORD_FILE'));
    return;
}

# Calls the function for each task, until stdin ends. Whatever it dies of is a refusal.
sub work {
    my ($perform) = @_;
    open my $answers, '>&', \*STDOUT or die "stdout: $!\n";
    open STDOUT, '>&', \*STDERR or die "stderr: $!\n";    # what a library prints is no answer
    $answers->autoflush(1);
    local $SIG{PIPE} = 'IGNORE';    # a server that leaves is a refusal
    my $json = JSON::PP->new;
    my $answer = sub { print {$answers} $json->encode({@_}), "\n" };
    $answer->(startle => 1);
    while (my $line = <STDIN>) {
        %task = %{$json->decode($line)};
        my @result = (result => 'done');
        if (!eval { $perform->(); 1 }) {
            my $why = $@;
            my $cannot = ref $why eq 'Contract::Cannot';
            print {*STDERR} $why if !$cannot;
            my $reason = ($cannot ? $why->{reason} : "$why") =~ s/\s+/ /gr =~ s/[^ -~]/?/gr;
            @result = (result => $cannot ? 'cannot' : 'refused', reason => $reason);
        }
        $answer->(task => $task{task}, @result);
    }
    return;
}

1;
