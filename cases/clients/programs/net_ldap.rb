# ruby-net-ldap with OpenSSL's default parameters, as its documentation has them.
# --no-tls-options: encryption by its method alone.
require 'net/ldap'
require_relative 'contract'

work do
  able_to_be_told 'CLIENT_CERTIFICATE'
  tls = OpenSSL::SSL::SSLContext::DEFAULT_PARAMS.dup
  tls[:ca_file] = told('CA') if told('CA')
  tls[:verify_mode] = OpenSSL::SSL::VERIFY_NONE unless told('CA')
  if told('CLIENT_CERTIFICATE')
    tls[:cert] = OpenSSL::X509::Certificate.new(File.read(told('CLIENT_CERTIFICATE')))
    tls[:key] = OpenSSL::PKey.read(File.read(told('CLIENT_KEY')))
  end
  encryption = { method: told('MODE') == 'ldaps' ? :simple_tls : :start_tls }
  encryption[:tls_options] = tls unless ARGV.include?('--no-tls-options')
  auth = { method: :anonymous }
  auth = { method: :simple, username: told('BIND_DN'), password: password } if told('BIND_DN')

  Net::LDAP.open(host: told('HOST'), port: told('PORT'), encryption: encryption, auth: auth) do |ldap|
    answer = ldap.get_operation_result
    raise "bind: #{answer.code} #{answer.message}" unless answer.code.zero?

    if told('BASE')
      ldap.search(base: told('BASE'), filter: Net::LDAP::Filter.construct(told('FILTER') || '(objectClass=*)'))
      answer = ldap.get_operation_result
      raise "search: #{answer.code} #{answer.message}" unless answer.code.zero?
    end
  end
end
