import type { SessionAnswer } from '@rollcall/reports/shown';
import { apiPath, getJson, sendJson } from '../api/api-client.js';
import { RequestProblem } from '../api/request-problem.js';
import { live } from '../live/live.svelte.js';

/** Who is signed in, as far as the service says. */
class Session {
  answer: SessionAnswer | undefined = $state.raw();

  async read(): Promise<void> {
    try {
      this.answer = await getJson<SessionAnswer>(apiPath('session'));
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error;
    }
  }

  /** Throws RequestProblem when the token is not taken. */
  async signIn(token: string): Promise<void> {
    await sendJson('POST', apiPath('session'), { token });
    await this.read();
    live.reopen();
  }

  async signOut(): Promise<void> {
    await sendJson('DELETE', apiPath('session'));
    await this.read();
    live.reopen();
  }
}

export const session = new Session();
