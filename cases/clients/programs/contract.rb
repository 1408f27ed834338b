# A worker's half of the contract (harness/subject/contract.h), for the programs in Ruby: one line of JSON for a
# task, one for its answer.
require 'json'

class Cannot < StandardError
end

$task = {}

def told(name)
  $task[name.downcase]
end

def cannot(reason)
  raise Cannot, reason
end

def password
  File.binread(told('PASSWORD_FILE')).force_encoding('UTF-8')
end

# Of what a task need not have, this program reads `names`; what else it is told it cannot do.
def able_to_be_told(*names)
  (%w[CLIENT_CERTIFICATE CRL MECHANISM TLS_POLICY] - names).each do |name|
    cannot "this program cannot be told #{name.downcase}" if told(name)
  end
  unless [nil, '*', told('HOST')].include?(told('TRUST'))
    cannot 'it looks for the one name of the host it connects to'
  end
  if (told('USERNAME') || told('BIND_DN')).nil? != told('PASSWORD_FILE').nil?
    cannot 'it is given a name and a password together, or neither'
  end
end

# Calls the block for each task, until stdin ends. Whatever it raises is a refusal.
def work
  answers = $stdout.dup
  $stdout.reopen($stderr) # what a library prints is no answer
  answers.sync = true
  answers.puts JSON.generate(startle: 1)
  $stdin.set_encoding('UTF-8') # whatever the locale
  $stdin.each_line do |line|
    $task = JSON.parse(line)
    answer = { task: $task['task'], result: 'done' }
    begin
      yield
    rescue Cannot => cannot
      answer.update(result: 'cannot', reason: cannot.message)
    rescue StandardError => refusal
      warn refusal.full_message(highlight: false)
      reason = "#{refusal.class}: #{refusal.message}".dup.force_encoding('UTF-8').scrub('?')
      answer.update(result: 'refused', reason: reason)
    end
    GC.start # a connection that was given up is closed, as by the end of a program
    answers.puts JSON.generate(answer)
  end
end
