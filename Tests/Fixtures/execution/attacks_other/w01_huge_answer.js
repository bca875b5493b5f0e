// An answer of five million parts under the right token; reading it must be bounded in the judge too.
const fs = require('fs'), slice = String.prototype.slice;
let message = '';
String.prototype.slice = function (...place) {
  if (this.length > 16) message = String(this);
  return slice.apply(this, place);
};
function add(a, b) {
  const body = Buffer.from(slice.call(message, 0, 16) + 'V["l",' + '["u"],'.repeat(5000000) + '0]'), head = Buffer.alloc(4);
  head.writeUInt32BE(body.length, 0);
  fs.writeSync(3, head);
  for (let done = 0; done < body.length;) done += fs.writeSync(3, body, done);
  return 0;
}
