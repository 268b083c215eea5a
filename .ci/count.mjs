/** Adds up the steps and the tests of a run of `.ci/run`; the last line says how many passed and failed. */
import { readFileSync } from 'node:fs';

const [stepsFile, testsFile] = process.argv.slice(2);
const steps = readFileSync(stepsFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t'));
const failedSteps = steps.filter(([code]) => code !== '0').map(([, name]) => name);
const tests = readTests();

console.log('');
for (const name of tests.failed) console.log(`failed: ${name}`);
for (const name of failedSteps) console.log(`failed step: ${name}`);
if (tests.skipped > 0) console.log(`skipped: ${tests.skipped}`);
const passed = tests.passed + steps.length - failedSteps.length;
const failed = tests.failed.length + failedSteps.length;
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

/** A file that could not even be loaded has no failed test, and counts as one. */
function readTests() {
  let report;
  try {
    report = JSON.parse(readFileSync(testsFile, 'utf8'));
  } catch {
    return { passed: 0, skipped: 0, failed: ['the tests left no report'] };
  }
  const failed = report.testResults.flatMap((file) => {
    const names = file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `${file.name}: ${fullName}`);
    return names.length === 0 && file.status === 'failed' ? [`${file.name}: ${file.message}`] : names;
  });
  if (report.numPassedTests === 0) failed.push('no test has passed: were there any?');
  return { passed: report.numPassedTests, skipped: report.numPendingTests, failed };
}
