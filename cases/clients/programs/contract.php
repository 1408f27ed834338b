<?php
// What a client under test is told (STARTLE_*; harness/subject/contract.h), for the programs in PHP.

ini_set('display_errors', 'stderr');
ini_set('log_errors', '0');

function told(string $name): ?string
{
    $value = getenv("STARTLE_$name");
    return $value === false ? null : $value;
}

function cannot(string $reason): never
{
    echo "$reason\n";
    exit(89);
}

function refused(string $reason): never
{
    fwrite(STDERR, "$reason\n");
    exit(1);
}

function password(): string
{
    return file_get_contents(told('PASSWORD_FILE'));
}

// Of what a task need not have, this program reads `names`; what else it is told it cannot do.
function able_to_be_told(string ...$names): void
{
    foreach (array_diff(['CLIENT_CERTIFICATE', 'CRL', 'MECHANISM', 'TLS_POLICY'], $names) as $name) {
        if (told($name) !== null) {
            cannot("this program cannot be told STARTLE_$name");
        }
    }
    if (!in_array(told('TRUST'), [null, '*', told('HOST')], true)) {
        cannot('it looks for the one name of the host it connects to');
    }
    if (((told('USERNAME') ?? told('BIND_DN')) === null) !== (told('PASSWORD_FILE') === null)) {
        cannot('it is given a name and a password together, or neither');
    }
}
