console.log('::error::the demo signs in to no cloud; expected no workload-identity-provider');
process.exitCode = 1;
