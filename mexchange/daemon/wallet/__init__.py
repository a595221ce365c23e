"""The world around the movements of money: who may ask for one, and what must happen outside for it."""
