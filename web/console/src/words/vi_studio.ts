// Words of the studio: bulletins, sounds, offers, duty. They come with its
// first page.

export const viStudio = {} as const;
