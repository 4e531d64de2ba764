"""The trail: doors that find, permit and record in one act, and the lines they leave."""
