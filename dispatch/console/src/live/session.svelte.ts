import type { Session } from './model';

export interface Refusal {
  code: string;
  message: string;
  retryable: boolean;
  field?: string;
}

export type Answer<T> = { ok: true; body: T } | { ok: false; status: number; error: Refusal };

/** Who is logged in, and requests in that name. */
class SessionHolder {
  current: Session | null = $state(null);
  known = $state(false);

  get may_command(): boolean {
    return this.current?.role === 'operator';
  }

  /** Whether the log-in still holds; a service that is not there says nothing about it. */
  async check(): Promise<void> {
    const answer = await this.get<Session>('session');
    if (answer.ok) this.current = answer.body;
    else if (answer.status === 401) this.current = null;
    this.known = true;
  }

  async log_in(account: string, password: string): Promise<Answer<Session>> {
    const answer = await this.send<Session>('login', { account, password });
    if (answer.ok) this.current = answer.body;
    return answer;
  }

  async log_out(): Promise<void> {
    await this.send('logout', {});
    location.reload();
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.ask<T>(path, {});
  }

  send<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    return this.ask<T>(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': this.current?.csrf ?? '', ...headers },
      body: JSON.stringify(body),
    });
  }

  private async ask<T>(path: string, init: RequestInit): Promise<Answer<T>> {
    try {
      const reply = await fetch(`/api/v1/${path}`, init);
      const body = await reply.json();
      if (reply.ok) return { ok: true, body };
      return { ok: false, status: reply.status, error: body.error };
    } catch {
      return { ok: false, status: 0, error: { code: 'no_answer', message: 'the service does not answer', retryable: true } };
    }
  }
}

export const session = new SessionHolder();
