// @ts-check
/**
 * The shapes that travel between the modules; those of the API are described in full at /docs.
 *
 * @typedef {object} Track
 * @property {string} track_id
 * @property {string} name
 * @property {string[]} artists
 * @property {string | null} album
 * @property {number | null} year
 * @property {number | null} popularity
 * @property {string | null} genre
 * @property {Record<string, number | null>} features
 * @property {string | null} url  null without a Spotify id
 *
 * @typedef {{kind: string, text: string, seeds: string[]}} Reason
 * @typedef {Track & {reasons: Reason[], ranking_score: number, song_year?: number | null}} Pick
 *
 * @typedef {object} Answer
 * @property {Pick[]} tracks
 * @property {Track[]} seeds
 * @property {string[]} unmatched
 * @property {string} name
 * @property {number} took_ms
 *
 * @typedef {object} Entry  what one line became
 * @property {string} given
 * @property {Track | null} track
 * @property {number} confidence
 * @property {string} method
 * @property {boolean} is_doubtful
 * @property {(Track & {confidence: number})[]} others
 * @property {Track[]} songs  what stands for an artist or an album
 *
 * @typedef {{name: string, found: number, missing: number, skipped: string[], entries: Entry[]}} Matches
 *
 * @typedef {object} Feature
 * @property {string} name
 * @property {string} unit
 * @property {boolean} integer
 * @property {number} known
 * @property {number[]} bins
 * @property {number} view_low
 * @property {number} view_high
 *
 * @typedef {object} Catalogue
 * @property {string} name
 * @property {number} tracks
 * @property {string} revision
 * @property {boolean} is_starter
 * @property {Feature[]} features
 * @property {{name: string, tracks: number}[]} genres
 * @property {[number | null, number | null]} years
 *
 * @typedef {"~" | ">" | "<"} Way  about, at least, at most
 * @typedef {{way: Way, value: number}} Dial
 *
 * @typedef {object} State
 * What the address bar holds. `order` is the list as a person arranged it, null when they did not.
 * @property {string} name
 * @property {string[]} seeds
 * @property {string[]} liked
 * @property {string[]} disliked
 * @property {string[]} removed
 * @property {string[] | null} order
 * @property {number} n
 * @property {Record<string, Dial>} dials
 * @property {number} far  adventurousness, 0 to 100
 * @property {[number, number]} popularity
 * @property {[number | null, number | null]} years
 * @property {number | null} perArtist
 * @property {string[]} banned  artists that never come
 * @property {boolean} newArtists
 * @property {boolean} anyVersion
 * @property {"smooth" | "score"} sort
 */
export {};
