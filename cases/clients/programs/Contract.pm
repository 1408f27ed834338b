# What a client under test is told (STARTLE_*; harness/subject/contract.h), for the programs in Perl.
package Contract;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT = qw(told cannot password contents able_to_be_told);

sub told { return $ENV{"STARTLE_$_[0]"} }

my $unable = 0;
END { $? = 1 if $? && !$unable }    # die() ends with errno

sub cannot {
    print "$_[0]\n";
    $unable = 1;
    exit 89;
}

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
        cannot("this program cannot be told STARTLE_$_") if told($_) && !$names{$_};
    }
    my $trust = told('TRUST') // '*';
    cannot('it looks for the one name of the host it connects to')
        if $trust ne '*' && $trust ne told('HOST');
    cannot('it is given a name and a password together, or neither')
        if defined(told('USERNAME') // told('BIND_DN')) != defined(told('PASSWORD_FILE'));
    return;
}

1;
