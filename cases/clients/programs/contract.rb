# What a client under test is told (STARTLE_*; harness/subject/contract.h), for the programs in Ruby.

def told(name)
  ENV["STARTLE_#{name}"]
end

def cannot(reason)
  puts reason
  exit 89
end

def password
  File.binread(told('PASSWORD_FILE')).force_encoding('UTF-8')
end

# Of what a task need not have, this program reads `names`; what else it is told it cannot do.
def able_to_be_told(*names)
  (%w[CLIENT_CERTIFICATE CRL MECHANISM TLS_POLICY] - names).each do |name|
    cannot "this program cannot be told STARTLE_#{name}" if told(name)
  end
  unless [nil, '*', told('HOST')].include?(told('TRUST'))
    cannot 'it looks for the one name of the host it connects to'
  end
  if (told('USERNAME') || told('BIND_DN')).nil? != told('PASSWORD_FILE').nil?
    cannot 'it is given a name and a password together, or neither'
  end
end

# Whatever the block raises is a refusal, and why goes to stderr in one line.
def attempt
  yield
rescue StandardError => refusal
  abort "#{refusal.class}: #{refusal.message}"
end
