# Perl's Net::LDAP with verify => 'require'.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Contract;
use Net::LDAP;

sub must {
    my ($what, $answer) = @_;
    die "$what: ", $answer->error_name, ' ', $answer->error, "\n" if $answer->code;
    return $answer;
}

work(sub {
    able_to_be_told('CLIENT_CERTIFICATE');

    my %tls = told('CA') ? (verify => 'require', cafile => told('CA')) : (verify => 'none');
    %tls = (%tls, clientcert => told('CLIENT_CERTIFICATE'), clientkey => told('CLIENT_KEY'))
        if told('CLIENT_CERTIFICATE');

    my $scheme = told('MODE') eq 'ldaps' ? 'ldaps' : 'ldap';
    my $ldap = Net::LDAP->new("$scheme://" . told('HOST') . ':' . told('PORT'), %tls) or die "$@\n";
    must('StartTLS', $ldap->start_tls(%tls)) if told('MODE') eq 'ldap-starttls';
    must('bind', told('BIND_DN') ? $ldap->bind(told('BIND_DN'), password => password()) : $ldap->bind);
    if (told('BASE')) {
        must('search', $ldap->search(base => told('BASE'), filter => told('FILTER') // '(objectClass=*)'));
    }
    $ldap->unbind;
});
