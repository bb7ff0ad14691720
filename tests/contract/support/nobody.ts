/** `HOST:PORT` that refuses connections: nobody listens there, and no server that asks for a free port is given it. */
export const NOBODY = "127.0.0.1:1";
