<?php
// PHPMailer. --automatic: without SMTPSecure, where SMTPAutoTLS has STARTTLS used if it is offered.

require __DIR__ . '/contract.php';
require 'libphp-phpmailer/autoload.php';

use PHPMailer\PHPMailer\PHPMailer;

able_to_be_told('CLIENT_CERTIFICATE', 'MECHANISM');
if (!in_array(told('MECHANISM'), [null, 'CRAM-MD5', 'LOGIN', 'PLAIN'], true)) {
    cannot('PHPMailer has no ' . told('MECHANISM') . ' with a password');
}

[$header, $body] = explode("\r\n\r\n", file_get_contents(told('MESSAGE_FILE')), 2);
$mail = new PHPMailer(true);
try {
    $mail->isSMTP();
    $mail->Host = told('HOST');
    $mail->Port = (int) told('PORT');
    if (told('MODE') === 'smtps') {
        $mail->SMTPSecure = PHPMailer::ENCRYPTION_SMTPS;
    } elseif (!in_array('--automatic', $argv, true)) {
        $mail->SMTPSecure = PHPMailer::ENCRYPTION_STARTTLS;
    }
    $tls = told('CA') !== null
        ? ['cafile' => told('CA')]
        : ['verify_peer' => false, 'verify_peer_name' => false, 'allow_self_signed' => true];
    if (told('CLIENT_CERTIFICATE') !== null) {
        $tls += ['local_cert' => told('CLIENT_CERTIFICATE'), 'local_pk' => told('CLIENT_KEY')];
    }
    $mail->SMTPOptions = ['ssl' => $tls];
    if (told('USERNAME') !== null) {
        $mail->SMTPAuth = true;
        $mail->AuthType = told('MECHANISM') ?? '';
        $mail->Username = told('USERNAME');
        $mail->Password = password();
    }
    $mail->setFrom(told('SENDER'));
    $mail->addAddress(told('RECIPIENT'));
    $mail->Subject = preg_match('/^Subject: (.*)\r?$/m', $header, $found) ? trim($found[1]) : '';
    $mail->Body = $body;
    $mail->send();
} catch (Exception $refusal) {
    refused($mail->ErrorInfo ?: $refusal->getMessage());
}
