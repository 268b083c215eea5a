export function tellPolicyViolations(): void;
export function graveFindings(): Promise<readonly string[]>;
export function layoutFaults(): readonly string[];
