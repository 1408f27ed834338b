# Ruby's net/smtp. --automatic: without `starttls:`, which is then :auto, where it is offered.
require 'net/smtp'
require_relative 'contract'

work do
  able_to_be_told 'CLIENT_CERTIFICATE', 'MECHANISM'
  mechanism = told('MECHANISM')&.downcase&.tr('-', '_')&.to_sym
  if mechanism && !Net::SMTP.method_defined?("auth_#{mechanism}", true) &&
     !Net::SMTP.private_method_defined?("auth_#{mechanism}")
    cannot "net/smtp has no #{told('MECHANISM')}"
  end

  options = { tls: told('MODE') == 'smtps', tls_verify: !told('CA').nil? }
  options[:starttls] = told('MODE') == 'smtp-starttls' ? :always : false unless ARGV.include?('--automatic')
  parameters = told('CA') ? { ca_file: told('CA') } : {}
  if told('CLIENT_CERTIFICATE')
    parameters[:cert] = OpenSSL::X509::Certificate.new(File.read(told('CLIENT_CERTIFICATE')))
    parameters[:key] = OpenSSL::PKey.read(File.read(told('CLIENT_KEY')))
  end
  credential = told('USERNAME') ? { user: told('USERNAME'), secret: password, authtype: mechanism } : {}
  Net::SMTP.start(told('HOST'), told('PORT'), **options, **credential,
                  ssl_context_params: parameters) do |smtp|
    smtp.send_message File.binread(told('MESSAGE_FILE')), told('SENDER'), told('RECIPIENT')
  end
end
