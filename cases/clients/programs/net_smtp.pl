# Perl's Net::SMTP; IO::Socket::SSL verifies for it unless it is told not to.
# --unchecked: what starttls() and auth() return is not looked at, as in many a script.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Authen::SASL;
use Contract;
use IO::Socket::SSL;
use Net::SMTP;

my $unchecked = grep { $_ eq '--unchecked' } @ARGV;

sub must {
    my ($what, $done, $smtp) = @_;
    return if $done;
    die "$what: ", ($smtp ? $smtp->code . ' ' . $smtp->message : $@), q( ), $IO::Socket::SSL::SSL_ERROR // q(), "\n";
}

work(sub {
    able_to_be_told(qw(CLIENT_CERTIFICATE CRL MECHANISM));
    cannot('Authen::SASL has no ' . told('MECHANISM'))
        if !grep { $_ eq (told('MECHANISM') // 'PLAIN') } qw(CRAM-MD5 LOGIN PLAIN);

    my %tls = told('CA') ? (SSL_ca_file => told('CA')) : (SSL_verify_mode => SSL_VERIFY_NONE);
    %tls = (%tls, SSL_crl_file => told('CRL'), SSL_check_crl => 1) if told('CRL');
    %tls = (%tls, SSL_cert_file => told('CLIENT_CERTIFICATE'), SSL_key_file => told('CLIENT_KEY'))
        if told('CLIENT_CERTIFICATE');

    my $smtp = Net::SMTP->new(told('HOST'), Port => told('PORT'), SSL => told('MODE') eq 'smtps', %tls);
    must('connecting', $smtp);
    if (told('MODE') eq 'smtp-starttls') {
        my $started = $smtp->starttls(%tls);
        must('STARTTLS', $started || $unchecked, $smtp);
    }
    if (told('USERNAME')) {
        my %mechanism = told('MECHANISM') ? (mechanism => told('MECHANISM')) : ();
        my $user = Authen::SASL->new(%mechanism, callback => {
            user => told('USERNAME'), authname => '', pass => password()});
        my $authenticated = $smtp->auth(%mechanism ? $user : (told('USERNAME'), password()));
        must('AUTH', $authenticated || $unchecked, $smtp);
    }
    must('MAIL', $smtp->mail(told('SENDER')), $smtp);
    must('RCPT', $smtp->to(told('RECIPIENT')), $smtp);
    must('DATA', $smtp->data(contents(told('MESSAGE_FILE')) =~ s/\r\n/\n/gr), $smtp);
    $smtp->quit;
});
