// What the shop's windows tell the page around them, version 1.
// addEventListener and removeEventListener know the names by these types; detail says v: 1.

export interface ShopEvent {
  /** The version of this table. */
  readonly v: 1;
  /** The frame's key; empty where the address has none. */
  readonly frame: string;
  /** Which kind of window speaks. */
  readonly kind: string;
}

/** The window can be used. Comes again after each step inside it. */
export interface ShopReady extends ShopEvent {
  readonly type: "ready";
}

/** The window's content has another height. The script follows it by itself. */
export interface ShopResize extends ShopEvent {
  readonly type: "resize";
  /** The height in CSS pixels. */
  readonly height: number;
}

/** Somebody asked for names. What was typed is not told: it may be a person's name. */
export interface ShopSearch extends ShopEvent {
  readonly type: "search";
  /** How many names were asked for. */
  readonly names: number;
  /** The endings that were asked for. */
  readonly extensions: readonly string[];
}

/** All answers of a search are there. */
export interface ShopResult extends ShopEvent {
  readonly type: "result";
  /** Names that can be registered. */
  readonly available: number;
  /** Names that cannot. */
  readonly taken: number;
  /** Names of which nobody knew in time. */
  readonly unknown: number;
}

/** The cart has changed. */
export interface ShopCart extends ShopEvent {
  readonly type: "cart";
  /** How many things lie in it. */
  readonly lines: number;
  /** What they cost as the visitor sees it, with a point. */
  readonly value: string;
  /** The three letters of ISO 4217. */
  readonly currency: string;
}

/** A step of several is shown. */
export interface ShopStep extends ShopEvent {
  readonly type: "step";
  /** Which one. */
  readonly step: "choose" | "options" | "cart" | "summary" | "details" | "code" | "password" | "sign-in" | "sent" | "failed" | "done";
  /** Its number, from 1. */
  readonly number: number;
  /** How many there are. */
  readonly of: number;
}

/** The visitor signed in at the shop and has come back. Who it is, is not told. */
export interface ShopSignedIn extends ShopEvent {
  readonly type: "signed-in";
}

/** The visitor ordered at the shop and has come back. */
export interface ShopOrdered extends ShopEvent {
  readonly type: "ordered";
  /** The number of the order. */
  readonly order: string;
  /** What was ordered for, with VAT where it is due. */
  readonly value: string;
  /** The three letters of ISO 4217. */
  readonly currency: string;
  /** The campaign of the frame or of the page's line; empty where there is none. */
  readonly campaign: string;
}

export type AnyShopEvent = ShopReady | ShopResize | ShopSearch | ShopResult | ShopCart | ShopStep | ShopSignedIn | ShopOrdered;

declare global {
  interface HTMLElementEventMap {
    "shop:ready": CustomEvent<ShopReady>;
    "shop:resize": CustomEvent<ShopResize>;
    "shop:search": CustomEvent<ShopSearch>;
    "shop:result": CustomEvent<ShopResult>;
    "shop:cart": CustomEvent<ShopCart>;
    "shop:step": CustomEvent<ShopStep>;
    "shop:signed-in": CustomEvent<ShopSignedIn>;
    "shop:ordered": CustomEvent<ShopOrdered>;
  }
  interface DocumentEventMap {
    "shop:ready": CustomEvent<ShopReady>;
    "shop:resize": CustomEvent<ShopResize>;
    "shop:search": CustomEvent<ShopSearch>;
    "shop:result": CustomEvent<ShopResult>;
    "shop:cart": CustomEvent<ShopCart>;
    "shop:step": CustomEvent<ShopStep>;
    "shop:signed-in": CustomEvent<ShopSignedIn>;
    "shop:ordered": CustomEvent<ShopOrdered>;
  }
}
