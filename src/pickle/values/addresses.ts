// File-system paths and network addresses, which are text with a class.

/** A path of `pathlib`: its class, and its normalised text. */
export class PyPath {
  readonly name: 'PurePath' | 'Path' | 'PurePosixPath' | 'PosixPath' | 'PureWindowsPath' | 'WindowsPath';
  readonly text: string;

  constructor(name: PyPath['name'], text: string) {
    this.name = name;
    this.text = text;
    Object.freeze(this);
  }

  toString(): string {
    return this.text;
  }
}

/** An address, network or interface of `ipaddress`, in its canonical text. */
export class PyIPAddress {
  readonly name: 'IPv4Address' | 'IPv4Network' | 'IPv4Interface' | 'IPv6Address' | 'IPv6Network' | 'IPv6Interface';
  readonly text: string;

  constructor(name: PyIPAddress['name'], text: string) {
    this.name = name;
    this.text = text;
    Object.freeze(this);
  }

  toString(): string {
    return this.text;
  }
}
