export type Theme = 'dark' | 'light';
export type Language = 'en' | 'zh';

function stored<T extends string>(key: string, allowed: readonly T[], otherwise: T): T {
  const value = localStorage.getItem(`swiftlet.${key}`) as T | null;
  return value !== null && allowed.includes(value) ? value : otherwise;
}

/** What somebody likes to see, kept in this browser. */
class Settings {
  theme: Theme = $state(
    stored('theme', ['dark', 'light'], matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'),
  );
  language: Language = $state(stored('language', ['en', 'zh'], navigator.language.startsWith('zh') ? 'zh' : 'en'));
  utc: boolean = $state(stored('clock', ['utc', 'local'], 'utc') === 'utc');

  apply(): void {
    document.documentElement.dataset.theme = this.theme;
    document.documentElement.lang = this.language;
    localStorage.setItem('swiftlet.theme', this.theme);
    localStorage.setItem('swiftlet.language', this.language);
    localStorage.setItem('swiftlet.clock', this.utc ? 'utc' : 'local');
  }
}

export const settings = new Settings();
